import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { describe, it } from "./registry.ts";

describe("the installed extension", () => {
  it("is there, from the package and not from the sources", () => {
    const extension = vscode.extensions.getExtension("run-record.run-record-viewer");
    assert.ok(extension !== undefined, "run-record.run-record-viewer is not installed");
    assert.equal(existsSync(join(extension.extensionPath, "src")), false);
  });

  it("has a copy of the sample project open", () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder !== undefined);
    assert.ok(existsSync(join(folder.uri.fsPath, "running", ".harn-runs", "dependency-audit.json")));
  });

  it("activates and registers every command its manifest declares", async () => {
    const extension = vscode.extensions.getExtension("run-record.run-record-viewer");
    assert.ok(extension !== undefined);
    await extension.activate();
    const manifest = extension.packageJSON as { contributes?: { commands?: readonly { command: string }[] } };
    const declared = (manifest.contributes?.commands ?? []).map(({ command }) => command);
    assert.ok(declared.length > 0, "the manifest declares no command");
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
