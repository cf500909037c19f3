import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { afterEach, describe, it } from "./registry.ts";

async function opened(path: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder !== undefined, "no workspace folder is open");
  return vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, path));
}

/** What our hover says at the first place of a text in the document (and nobody else's: that has no worker in it). */
async function hoverAt(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString[]> {
  const at = document.positionAt(document.getText().indexOf(text) + 2);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  return hovers
    .flatMap(({ contents }) => contents)
    .filter((content): content is vscode.MarkdownString => content instanceof vscode.MarkdownString);
}

describe("the hover in JSON text", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("is the child run's card", async () => {
    const document = await opened("incident-triage/.harn-runs/incident-4471-replay.json");
    const [card] = await hoverAt(document, '"worker_id": "worker_01a1f1a3');
    assert.ok(card !== undefined, "there is no hover");
    assert.match(card.value, /log/);
    assert.notEqual(card.isTrusted, true);
    assert.notEqual(card.supportHtml, true);
  });

  it("is nowhere else in the record", async () => {
    const document = await opened("incident-triage/.harn-runs/incident-4471-replay.json");
    assert.deepEqual(await hoverAt(document, '"workflow_id"'), []);
  });

  it("reads unsaved text, and shows what is hostile in it as text", async () => {
    const document = await opened("incident-triage/.harn-runs/incident-4471-replay.json");
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    const start = document.getText().lastIndexOf('"worker_name"');
    const line = document.lineAt(document.positionAt(start));
    const hostile = '"worker_name": "<script>alert(1)</script> [x](command:workbench.action.quit)",';
    edit.replace(
      document.uri,
      new vscode.Range(line.range.start.translate(0, line.firstNonWhitespaceCharacterIndex), line.range.end),
      hostile,
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.isDirty);
    const [card] = await hoverAt(document, '"worker_name": "<script>');
    assert.ok(card !== undefined, "there is no hover");
    assert.ok(!card.value.includes("<script>"), card.value);
    assert.ok(!card.value.includes("](command:"), card.value);
    assert.match(card.value, /alert/);
  });
});
