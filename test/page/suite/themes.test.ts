import { describe, expect, it } from "vitest";
import { type Theme, useWorkbench } from "../harness/workbench.ts";
import { RecordPage } from "./RecordPage.ts";

/** The names VS Code gives the kinds of theme inside a webview. */
const kinds: Readonly<Record<Theme, string>> = {
  dark: "vscode-dark",
  light: "vscode-light",
  highContrast: "vscode-high-contrast",
  highContrastLight: "vscode-high-contrast-light",
};

describe.each(Object.keys(kinds) as Theme[])("in the %s theme", (theme) => {
  const workbench = useWorkbench({ theme });

  it("a record is drawn in the theme's own colours", async () => {
    const record = await RecordPage.open(workbench(), "incident-triage/.harn-runs/incident-4471-replay.json");
    await record.rows().nth(4).click();
    await record.detail().getByText("stages[").first().waitFor();
    await workbench().screenshot(`suite-theme-${theme}`);
    const { kind, label, foreground } = await record.frame.evaluate(() => {
      const probe = document.createElement("span");
      probe.style.color = "var(--vscode-foreground)";
      document.body.append(probe);
      const foreground = getComputedStyle(probe).color;
      probe.remove();
      const label = document.querySelector('[role="row"][aria-selected="false"] .label');
      if (label === null) throw new Error("there is no row");
      return { kind: document.body.dataset["vscodeThemeKind"], label: getComputedStyle(label).color, foreground };
    });
    expect(kind).toBe(kinds[theme]);
    expect(label).toBe(foreground);
  });
});
