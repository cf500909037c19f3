import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { Stop } from "./processes.ts";

/**
 * Makes the extension that carries the host suite: its manifest and one bundle of all `test/host/*.test.ts`, whose `run` VS Code calls.
 * Gives the folder of the extension and the file with `run`.
 */
export async function bundleHostTests(folder: string): Promise<{ readonly extension: string; readonly tests: string }> {
  const files = readdirSync("test/host").filter((file) => file.endsWith(".test.ts"));
  if (files.length === 0) throw new Stop("There is no host test: test/host holds no *.test.ts.");
  const extension = join(folder, "extension");
  mkdirSync(extension, { recursive: true });
  cpSync("test/host/extension/package.json", join(extension, "package.json"));
  const tests = join(extension, "tests.js"); // no "type": "module" in that manifest: CommonJS
  await build({
    stdin: {
      contents: [...files.map((file) => `import "./${file}";`), 'export { run } from "./registry.ts";'].join("\n"),
      resolveDir: resolve("test/host"),
      sourcefile: "tests.ts",
    },
    outfile: tests,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return { extension, tests };
}
