import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useWorkbench } from "../harness/workbench.ts";
import { patience, RecordPage } from "./RecordPage.ts";

const replay = "incident-triage/.harn-runs/incident-4471-replay.json";

describe("the commands", () => {
  const workbench = useWorkbench();

  it("that need a record are offered only where there is one", async () => {
    await workbench().openFile("release-notes/docs/release-notes-2.4.0.md");
    expect(await workbench().hasCommand("Run Record: Open Latest Run")).toBe(true);
    expect(await workbench().hasCommand("Run Record: Normalize")).toBe(false);
    await RecordPage.open(workbench(), replay);
    for (const name of ["Open as Text", "Normalize", "Reveal in JSON"]) {
      expect(await workbench().hasCommand(`Run Record: ${name}`), name).toBe(true);
    }
  });

  it("Open Latest Run opens the run that started last", async () => {
    await workbench().runCommand("View: Close All Editors");
    await workbench().runCommand("Run Record: Open Latest Run");
    await workbench().tab("dependency-audit.json").first().waitFor();
    await (await RecordPage.shown(workbench())).rows().first().waitFor();
  });

  it("Copy Run Id puts the id on the clipboard", async () => {
    await RecordPage.open(workbench(), replay);
    await workbench().runCommand("Run Record: Copy Run Id");
    const clipboard = (): Promise<string> => workbench().page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard, { timeout: patience }).toBe("01a1f1a3-8af8-7183-aa0f-8311ceafb06f");
  });

  it("Reveal in JSON goes to the selected row's place", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await record.rows().nth(2).click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("stages[1]");
    await workbench().runCommand("Run Record: Reveal in JSON");
    await workbench().page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
    const status = (): Promise<string[]> => workbench().page.locator(".statusbar-item").allInnerTexts();
    await expect.poll(status, { timeout: patience }).toContainEqual(expect.stringMatching(/Ln \d{2,}/));
    await workbench().screenshot("suite-reveal");
  });

  it("Refresh reads the record again", async () => {
    // Another file than before: VS Code opens a file again the way it was opened last.
    const record = await RecordPage.open(workbench(), "release-notes/.harn-runs/release-notes-v2.4.0.json");
    await record.rows().nth(1).click();
    const selected = await record.selectedRow().getAttribute("data-row-id");
    await workbench().runCommand("Run Record: Refresh");
    await expect.poll(() => record.selectedRow().getAttribute("data-row-id"), { timeout: patience }).toBe(selected);
  });

  it("Show Log shows our output channel", async () => {
    await workbench().runCommand("Run Record: Show Log");
    await workbench().page.locator(".pane-body .output-view, .output-view-container, [id='workbench.panel.output']").first().waitFor();
    await workbench().runCommand("View: Hide Panel");
  });
});

describe("a hover in the JSON text", () => {
  const workbench = useWorkbench();

  it("shows the card of the child run under the pointer", async () => {
    const { page } = workbench();
    await RecordPage.open(workbench(), replay);
    await workbench().runCommand("Run Record: Open as Text");
    await page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
    const lines = readFileSync(join(workbench().folder, replay), "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes('"worker_id": "worker_01a1f1a3'));
    await workbench().goTo(line + 1, 20);
    await workbench().runCommand("Show or Focus Hover");
    const hover = page.locator(".monaco-hover:visible").first();
    await expect.poll(() => hover.innerText(), { timeout: patience }).toContain("worker_01a1f1a3");
    await workbench().screenshot("suite-text-hover");
  });
});
