import { describe, expect, it } from "vitest";
import { type Theme, themes, useWorkbench } from "../harness/workbench.ts";
import { RecordPage } from "./RecordPage.ts";

describe.each(Object.keys(themes) as Theme[])("in the %s theme", (theme) => {
  const workbench = useWorkbench({ theme });

  it("a record has the theme's colours", async () => {
    const record = await RecordPage.open(workbench(), "incident-triage/.harn-runs/incident-4471-replay.json");
    await record.rows().nth(4).click();
    await record.detail().getByText("stages[").first().waitFor();
    await workbench().screenshot(`suite-theme-${theme}`);
    const [page, editor] = await record.frame.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [
        style.backgroundColor,
        getComputedStyle(document.documentElement).getPropertyValue("--vscode-editor-background").trim(),
      ] as const;
    });
    expect(editor).not.toBe("");
    expect(page).not.toBe("");
  });
});
