import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copySamples } from "../../../scripts/samples.ts";
import { eventually } from "../../host/eventually.ts";
import { useWorkbench } from "../harness/workbench.ts";
import { expected } from "./expected.ts";
import { chooseFile, expectNotification, patience, RecordPage } from "./RecordPage.ts";
import { put, refusedRecord, roughRecord } from "./records.ts";

const rough = (name: string): string => `incident-triage/.harn-runs/${name}.json`;

/** Each test works on a file of its own. */
function fill(folder: string): void {
  copySamples(folder);
  for (const name of ["normalize", "resave", "undo", "revert", "save-as", "resave-as", "cancel", "diff", "explorer"])
    put(folder, rough(name), roughRecord());
  put(folder, rough("refused"), refusedRecord());
}

describe.each(["lossless", "runtime"] as const)("in %s fidelity", (fidelity) => {
  const workbench = useWorkbench({ fill, settings: { "runRecord.save.fidelity": fidelity } });
  const text = (name: string): string => readFileSync(join(workbench().folder, rough(name)), "utf8");

  it("normalizes with a preview, as one edit that is saved byte for byte", async () => {
    const before = text("normalize");
    const record = await RecordPage.open(workbench(), rough("normalize"));
    await workbench().runCommand("Run Record: Normalize");
    await record.preview().locator('[data-name="confirm"]').waitFor();
    await workbench().screenshot(`suite-preview-${fidelity}`);
    expect(await record.preview().innerText()).toContain("child_runs");
    await record.confirm();
    await workbench().page.locator(".tab.dirty").filter({ hasText: "normalize.json" }).waitFor();
    expect(text("normalize")).toBe(before);
    await workbench().runCommand("File: Save");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    expect(text("normalize")).toBe(await expected(join(workbench().folder, "incident-triage"), Buffer.from(before), "normalize", fidelity));
    if (fidelity === "lossless") expect(text("normalize")).toContain('"review_score": 0.10000000000000001');
    await workbench().runCommand("Run Record: Normalize");
    await expectNotification(workbench(), "nothing to change");
  });

  it("resaves to the same file", async () => {
    const before = text("resave");
    const record = await RecordPage.open(workbench(), rough("resave"));
    await workbench().runCommand("Run Record: Resave");
    await record.confirm();
    const want = await expected(
      join(workbench().folder, "incident-triage"),
      Buffer.from(before),
      "resave",
      fidelity,
      ".harn-runs/resave.json",
    );
    await expect.poll(() => text("resave"), { timeout: patience }).toBe(want);
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
  });

  it("refuses what the runtime refuses, with the place, and leaves the file alone", async () => {
    const before = text("refused");
    await workbench().openFile(rough("refused"));
    const record = await RecordPage.shown(workbench());
    await record.expectText("incident");
    await workbench().runCommand("Run Record: Resave");
    if (fidelity === "runtime") {
      await record.expectText("Refused");
      await workbench().screenshot("suite-refused");
      await record.preview().locator('[data-name="go-to-place"]').click();
      await workbench().page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
    } else {
      // Works on the text: what has another type stays, and the preview says so.
      await expect.poll(() => record.preview().innerText(), { timeout: patience }).toContain("stages");
      await record.preview().locator('[data-name="cancel"], [data-name="close"]').first().click();
    }
    expect(text("refused")).toBe(before);
  });
});

describe("an edit", () => {
  const workbench = useWorkbench({ fill });
  const text = (name: string): string => readFileSync(join(workbench().folder, rough(name)), "utf8");

  const normalized = (name: string): Promise<RecordPage> => RecordPage.normalized(workbench(), rough(name));

  it("is undone and redone", async () => {
    const before = text("undo");
    const record = await normalized("undo");
    await workbench().runCommand("Undo");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    await workbench().runCommand("Redo");
    await workbench().page.locator(".tab.dirty").waitFor();
    await workbench().runCommand("File: Save");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    const after = text("undo");
    expect(after).toBe(await expected(join(workbench().folder, "incident-triage"), Buffer.from(before), "normalize", "lossless"));
    await workbench().runCommand("Undo");
    await workbench().page.locator(".tab.dirty").waitFor();
    await workbench().runCommand("File: Save");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    expect(text("undo")).toBe(before);
    await record.rows().first().waitFor();
  });

  it("is dropped by a revert", async () => {
    const before = text("revert");
    const record = await normalized("revert");
    await workbench().runCommand("File: Revert File");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    expect(text("revert")).toBe(before);
    await workbench().runCommand("Run Record: Normalize");
    await record.preview().locator('[data-name="confirm"]').waitFor();
    await record.preview().locator('[data-name="cancel"]').click();
  });

  it("is saved under another name, and the first file stays", async () => {
    const before = text("save-as");
    await normalized("save-as");
    await workbench().runCommand("File: Save As...");
    await chooseFile(workbench(), join(workbench().folder, rough("saved-as")));
    await workbench().tab("saved-as.json").first().waitFor();
    const want = await expected(join(workbench().folder, "incident-triage"), Buffer.from(before), "normalize", "lossless");
    await expect.poll(() => readIfThere("saved-as"), { timeout: patience }).toBe(want);
    expect(text("save-as")).toBe(before);
  });

  it("of Resave As… goes to the other file only, with its path in it", async () => {
    const before = text("resave-as");
    const record = await RecordPage.open(workbench(), rough("resave-as"));
    await workbench().runCommand("Run Record: Resave As…");
    await chooseFile(workbench(), join(workbench().folder, rough("resaved-as")));
    await record.preview().locator('[data-name="confirm"]').click();
    await workbench().tab("resaved-as.json").first().waitFor();
    const want = await expected(
      join(workbench().folder, "incident-triage"),
      Buffer.from(before),
      "resave",
      "lossless",
      ".harn-runs/resaved-as.json",
    );
    expect(readIfThere("resaved-as")).toBe(want);
    expect(text("resave-as")).toBe(before);
    expect(await workbench().page.locator(".tab.dirty").count()).toBe(0);
  });

  it("is not made when the preview is cancelled", async () => {
    const record = await RecordPage.open(workbench(), rough("cancel"));
    await workbench().runCommand("Run Record: Resave");
    await record.preview().locator('[data-name="cancel"]').click();
    await record.preview().waitFor({ state: "detached" });
    expect(await workbench().page.locator(".tab.dirty").count()).toBe(0);
    expect(text("cancel")).toBe(roughRecord());
  });

  it("is compared as text", async () => {
    const record = await RecordPage.open(workbench(), rough("diff"));
    await workbench().runCommand("Run Record: Normalize");
    await record.preview().locator('[data-name="diff"]').click();
    await workbench().page.locator(".monaco-diff-editor .view-line").first().waitFor();
    await workbench().screenshot("suite-diff");
    await workbench().runCommand("View: Close Editor");
  });

  it("starts from the Explorer on a closed file", async () => {
    const { page } = workbench();
    await workbench().runCommand("View: Close All Editors");
    await page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
    await workbench().runCommand("File: Focus on Files Explorer");
    const entry = page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: "explorer.json" }).first();
    await entry.click({ button: "right" });
    // A menu that has only just opened passes over clicks.
    const item = page.locator(".context-view .action-item").filter({ hasText: "Normalize" }).first();
    await item.waitFor();
    await eventually("the menu takes the click", async () => {
      if (await item.isVisible()) await item.click();
      return !(await item.isVisible());
    });
    const record = await RecordPage.shown(workbench());
    await record.confirm();
    await page.locator(".tab.dirty").filter({ hasText: "explorer.json" }).waitFor();
  });

  function readIfThere(name: string): string {
    const file = join(workbench().folder, rough(name));
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
});
