import { describe, expect, it } from "vitest";
import { useWorkbench } from "./harness/workbench.ts";

describe("the packed extension in the workbench", () => {
  const workbench = useWorkbench();

  it("is listed among the installed extensions", async () => {
    const { page } = workbench();
    await workbench().runCommand("Extensions: Show Installed Extensions");
    await page.locator(".extensions-list").getByText("Run Record Viewer", { exact: true }).first().waitFor();
    await workbench().runCommand("File: Focus on Files Explorer");
  });

  it("opens a run record rendered", async () => {
    await workbench().openFile("running/.harn-runs/dependency-audit.json");
    const frame = await workbench().recordFrame();
    await expect.poll(async () => frame.locator("body").innerText(), { timeout: 20_000 }).toContain("dependency");
    await workbench().screenshot("opened");
  });

  it("leaves another JSON file to the text editor", async () => {
    await workbench().openFile("daemon/.harn/daemons/mail-sorter/daemon.meta.json");
    await workbench().page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
  });
});
