/** The command `run-record`: arguments, standard streams and the exit code; all else is in `runCommand`. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { bundledSqlWasm } from "../engine/ports/sqlJs.ts";
import { visibleText } from "../view/plainText.ts";
import { runCommand } from "./runCommand.ts";

// A reader that has seen enough (`run-record show … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  input: process.stdin,
  sqlWasm: bundledSqlWasm(),
  async print(text) {
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  },
  async version() {
    // The manifest lies beside dist/, in the repository as in the installed package.
    const manifest: unknown = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
  },
  // A sentence may quote a record: nothing in it may steer the terminal.
  warn: (line) => console.error(visibleText(line)),
});
