import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { copySamples } from "../../../scripts/samples.ts";
import { useWorkbench } from "../harness/workbench.ts";
import { expectNotification, patience, RecordPage } from "./RecordPage.ts";
import { hostileRecord, put, sampleRecord } from "./records.ts";

const replay = "incident-triage/.harn-runs/incident-4471-replay.json";

describe("a record in the editor", () => {
  const workbench = useWorkbench();

  it("opens from the Explorer with its stages as rows", async () => {
    const { page } = workbench();
    for (const name of ["release-notes", ".harn-runs"]) {
      await page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).first().click();
    }
    await page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: "release-notes-v2.4.0.json" }).first().dblclick();
    const record = await RecordPage.shown(workbench());
    await record.rows().first().waitFor();
    const stages = (sampleRecord("release-notes/.harn-runs/release-notes-v2.4.0.json")["stages"] as { node_id: string }[]).map(
      (stage) => stage.node_id,
    );
    for (const stage of stages.slice(0, 4)) await record.row(stage).waitFor();
    expect(await record.rows().first().getAttribute("aria-level")).toBe("1");
    await record.expectText("78"); // tokens in the header, whatever their spelling
    await workbench().screenshot("suite-open");
  });

  it("is walked by keyboard, and shows the selected row's details", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await record.rows().first().click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("stages[0]");
    await workbench().page.keyboard.press("ArrowDown");
    await expect.poll(() => record.selectedRow().getAttribute("data-index")).toBe("1");
    await workbench().page.keyboard.press("End");
    const total = Number(await record.frame.getByRole("treegrid").getAttribute("aria-rowcount"));
    await expect.poll(() => record.selectedRow().getAttribute("aria-rowindex")).toBe(String(total));
    await workbench().page.keyboard.press("Home");
    await expect.poll(() => record.selectedRow().getAttribute("data-index")).toBe("0");
    await workbench().page.keyboard.press("*");
    await expect
      .poll(async () => Number(await record.frame.getByRole("treegrid").getAttribute("aria-rowcount")))
      .toBeGreaterThan(total - 1);
  });

  it("keeps its selection while the tab is hidden", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await record.rows().nth(3).click();
    const selected = await record.selectedRow().getAttribute("data-row-id");
    await workbench().openFile("release-notes/docs/release-notes-2.4.0.md");
    const again = await RecordPage.open(workbench(), replay);
    await expect.poll(() => again.selectedRow().getAttribute("data-row-id"), { timeout: patience }).toBe(selected);
  });

  it("shows a child run's card on hover, and opens its record on a click", async () => {
    const record = await RecordPage.open(workbench(), "release-notes/.harn-runs/release-notes-v2.4.0.json");
    await record.rows().first().click();
    await workbench().page.keyboard.press("*");
    const children = sampleRecord("release-notes/.harn-runs/release-notes-v2.4.0.json")["child_runs"] as {
      worker_name: string;
      run_path: string | null;
    }[];
    const child = children.find((one): one is { worker_name: string; run_path: string } => one.run_path !== null);
    if (child === undefined) throw new Error("the sample has no child with a record of its own");
    // Letters go to the row whose label begins with them, however far down it is.
    await workbench().page.keyboard.type(child.worker_name);
    await expect.poll(() => record.selectedRow().innerText(), { timeout: patience }).toContain(child.worker_name);
    await record.selectedRow().hover();
    await record.card().waitFor();
    expect(await record.card().innerText()).toContain("worker_");
    await workbench().screenshot("suite-card");
    await workbench().page.keyboard.press("Escape");
    await record.detail().locator('[data-name="open-child"]').click();
    await workbench()
      .page.locator(".tab.active")
      .filter({ hasText: basename(child.run_path) })
      .waitFor();
    const parent = (await RecordPage.shown(workbench())).frame.getByText(/^01a1ceeb-298f/).first();
    await parent.click();
    await workbench().page.locator(".tab.active").filter({ hasText: "release-notes-v2.4.0.json" }).waitFor();
  });

  it("says that a child's record is not there", async () => {
    const record = await RecordPage.open(workbench(), replay);
    const child = await openUntil(record, "childRun");
    await child.dblclick();
    await expectNotification(workbench(), /./);
  });

  it("opens as text and back", async () => {
    await RecordPage.open(workbench(), replay);
    await workbench().runCommand("Run Record: Open as Text");
    await workbench().page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
    await workbench().runCommand("Run Record: Open as Run Record");
    await (await RecordPage.shown(workbench())).rows().first().waitFor();
  });
});

describe("files that are no whole record", () => {
  const workbench = useWorkbench({
    fill: (folder) => {
      copySamples(folder);
      const text = JSON.stringify(sampleRecord(replay), null, 2);
      put(folder, "bad/.harn-runs/broken.json", text.slice(0, Math.floor(text.length / 2)));
      put(folder, "bad/.harn-runs/not-json.json", "this is not JSON");
      put(folder, "bad/.harn-runs/empty.json", "");
      put(folder, "bad/.harn-runs/other.json", '{ "name": "something else", "version": 3 }');
      put(folder, "bad/.harn-runs/array.json", "[1, 2, 3]");
      put(folder, "bad/.harn-runs/invalid-utf8.json", Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
      put(folder, "bad/.harn-runs/deep.json", `{"id":"a","stages":${"[".repeat(500)}${"]".repeat(500)}}`);
      put(
        folder,
        "bad/.harn-runs/wrong-types.json",
        '{"_type":"run_record","id":7,"workflow_id":[],"status":{},"stages":[1,"x",{"node_id":{}}],"child_runs":{},"usage":"no"}',
      );
      put(folder, "bad/.harn-runs/hostile.json", hostileRecord());
    },
  });

  it("shows a broken record as far as it goes, and leads to the place where it breaks", async () => {
    const record = await RecordPage.open(workbench(), "bad/.harn-runs/broken.json");
    await workbench().screenshot("suite-broken");
    await record.frame.getByRole("button", { name: /text/i }).first().click();
    await workbench().page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
    await expect
      .poll(() => workbench().page.locator(".statusbar-item").allInnerTexts(), { timeout: patience })
      .toContainEqual(expect.stringMatching(/Ln \d{2,}/));
  });

  it.each(["not-json", "empty", "other", "array", "invalid-utf8"])("says what %s.json is, and offers the text editor", async (name) => {
    await workbench().openFile(`bad/.harn-runs/${name}.json`);
    const record = await RecordPage.shown(workbench());
    await record.frame.getByRole("button", { name: /text/i }).first().waitFor();
    expect((await record.text()).length).toBeGreaterThan(20);
    await workbench().screenshot(`suite-${name}`);
  });

  it.each(["deep", "wrong-types"])("shows what can be shown of %s.json", async (name) => {
    await workbench().openFile(`bad/.harn-runs/${name}.json`);
    const record = await RecordPage.shown(workbench());
    await expect.poll(() => record.text(), { timeout: patience }).toMatch(/problem/i);
  });

  it("refuses to normalise what is no record, and leaves the file alone", async () => {
    await workbench().openFile("bad/.harn-runs/not-json.json");
    await RecordPage.shown(workbench());
    await workbench().runCommand("Run Record: Normalize");
    await expectNotification(workbench(), "cannot be normalised");
  });

  it("shows hostile text as text, and follows no path out of the workspace by itself", async () => {
    const record = await RecordPage.open(workbench(), "bad/.harn-runs/hostile.json");
    await record.expectText("<script>");
    await record.rows().first().click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("onerror");
    expect(
      await record.frame.locator("img, script:not([src], #_vscodeApiScript), a[href^='command:'], a[href^='javascript:']").count(),
    ).toBe(0);
    expect(await record.frame.title()).toBe("Run Record");
    const child = await openUntil(record, "childRun");
    await child.dblclick();
    const dialog = workbench().page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain("/etc/passwd");
    await workbench().screenshot("suite-hostile");
    await workbench().page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await workbench().tab("passwd").count()).toBe(0);
  });
});

/** Opens rows of the tree until one of a kind is in sight. */
async function openUntil(record: RecordPage, kind: string) {
  const wanted = record
    .rows()
    .filter({ has: record.frame.locator(`.kind-${kind}`) })
    .first();
  await record.rows().first().click();
  await record.frame.page().keyboard.press("*");
  await wanted.scrollIntoViewIfNeeded();
  return wanted;
}
