import * as assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { eventually } from "./eventually.ts";
import { afterEach, describe, it } from "./registry.ts";

const replay = "incident-triage/.harn-runs/incident-4471-replay.json";

function inWorkspace(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder !== undefined, "no workspace folder is open");
  return vscode.Uri.joinPath(folder.uri, path);
}

function activeInput(): unknown {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
}

/** Waits until the active tab is the rendered editor of a file. */
async function shown(uri: vscode.Uri, viewType = "runRecord.editor"): Promise<void> {
  await eventually(`${uri.path} is shown by ${viewType}`, () => {
    const input = activeInput();
    return input instanceof vscode.TabInputCustom && input.viewType === viewType && input.uri.toString() === uri.toString();
  });
}

async function clipboardAfter(command: string, argument?: vscode.Uri): Promise<string> {
  await vscode.env.clipboard.writeText("");
  await vscode.commands.executeCommand(command, argument);
  return eventually("something is on the clipboard", async () => (await vscode.env.clipboard.readText()) || undefined);
}

describe("commands in the extension host", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("a record opens rendered by default", async () => {
    await vscode.commands.executeCommand("vscode.open", inWorkspace(replay));
    await shown(inWorkspace(replay));
  });

  it("Open as Text and Open as Run Record lead there and back", async () => {
    const uri = inWorkspace(replay);
    await vscode.commands.executeCommand("runRecord.open", uri);
    await shown(uri);
    await vscode.commands.executeCommand("runRecord.openAsText");
    await eventually("the text editor is active", () => vscode.window.activeTextEditor?.document.uri.toString() === uri.toString());
    await vscode.commands.executeCommand("runRecord.open");
    await shown(uri);
  });

  it("Open as Run Record takes any JSON file, with the editor that is an option there", async () => {
    const uri = inWorkspace("daemon/.harn/daemons/mail-sorter/daemon.meta.json");
    await vscode.commands.executeCommand("runRecord.open", uri);
    await shown(uri, "runRecord.editorOption");
  });

  it("Open Latest Run finds the run that started last", async () => {
    await vscode.commands.executeCommand("runRecord.openLatest");
    await shown(inWorkspace("running/.harn-runs/dependency-audit.json"));
  });

  it("Copy Run Id opens a closed file first", async () => {
    assert.equal(await clipboardAfter("runRecord.copyRunId", inWorkspace(replay)), "01a1f1a3-8af8-7183-aa0f-8311ceafb06f");
    await shown(inWorkspace(replay));
  });

  it("Normalize on a record that needs none opens it, and changes neither document nor file", async () => {
    const uri = inWorkspace(replay);
    const before = readFileSync(uri.fsPath);
    await vscode.commands.executeCommand("runRecord.normalize", uri);
    await shown(uri);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty, false);
    assert.ok(readFileSync(uri.fsPath).equals(before));
  });

  it("a file above VS Code's limit for texts opens, and its id is read", async () => {
    const uri = inWorkspace("incident-triage/.harn-runs/large.json");
    const record = JSON.parse(readFileSync(inWorkspace(replay).fsPath, "utf8")) as Record<string, unknown>;
    const filling = Array.from({ length: 60 }, (_, index) => ({ index, text: "lorem ipsum dolor ".repeat(60_000) }));
    writeFileSync(uri.fsPath, JSON.stringify({ ...record, id: "large-run", metadata: { filling } }));
    assert.ok(statSync(uri.fsPath).size > 50 * 1024 * 1024);
    assert.equal(await clipboardAfter("runRecord.copyRunId", uri), "large-run");
    await vscode.workspace.fs.delete(uri);
  });

  it("a comparison whose preview is gone says so", async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse("run-record-preview:/x.json.before.txt?nothing"));
    assert.match(document.getText(), /no longer open/);
  });
});
