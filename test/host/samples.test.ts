import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { eventually } from "./eventually.ts";
import { afterEach, describe, it } from "./registry.ts";

const release = "release-notes/.harn-runs/release-notes-v2.4.0.json";

/** A file of the workspace, by its path in it. */
function inWorkspace(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder !== undefined);
  return vscode.Uri.joinPath(folder.uri, path);
}

/** The active tab, once it shows this file in the rendered editor. */
async function renderedTab(uri: vscode.Uri): Promise<vscode.Tab> {
  return eventually(`${uri.path} is open rendered`, () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return (
      tab?.input instanceof vscode.TabInputCustom && tab.input.viewType === "runRecord.editor" && tab.input.uri.path === uri.path && tab
    );
  });
}

describe("a sample", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  for (const path of [
    release,
    "incident-triage/.harn-runs/incident-4471-replay.json",
    "running/.harn-runs/dependency-audit.json",
    "daemon/.harn-runs/inbox-watch.json",
  ]) {
    it(`opens rendered and clean, and its bytes stay: ${path}`, async () => {
      const uri = inWorkspace(path);
      const before = readFileSync(uri.fsPath);
      await vscode.commands.executeCommand("vscode.open", uri);
      assert.equal((await renderedTab(uri)).isDirty, false);
      assert.deepEqual(readFileSync(uri.fsPath), before);
    });
  }

  it("opens rendered by its name alone, outside .harn-runs", async () => {
    const uri = inWorkspace("copies/nightly.run.json");
    await vscode.workspace.fs.copy(inWorkspace(release), uri, { overwrite: true });
    await vscode.commands.executeCommand("vscode.open", uri);
    await renderedTab(uri);
  });
});
