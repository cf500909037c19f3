import { existsSync, statSync } from "node:fs";
import { run, Stop } from "./processes.ts";
import { missingFiles, unexpectedFiles } from "./packageFiles.ts";
import { ownPackage } from "./vscode.ts";

/** The file `npm run package` makes. */
export function packageFile(): string {
  const { name, version } = ownPackage();
  return `${name}-${version}.vsix`;
}

const vsce = "node_modules/@vscode/vsce/vsce";

/** Builds the bundles for production and packs them, if nothing is missing and nothing too much; stops with what esbuild or vsce said when one of them fails. */
export async function makePackage(): Promise<{ readonly file: string; readonly bytes: number }> {
  const built = await run(process.execPath, ["scripts/run.mjs", "scripts/build.ts", "--production"]);
  if (built.code !== 0) throw new Stop(`The bundles could not be built:\n${built.output.trim()}`);
  const listed = await run(process.execPath, [vsce, "ls", "--no-dependencies"]);
  const files = listed.output.split("\n").filter((line) => line !== "");
  const wrong = [
    ...missingFiles(files).map((name) => `${name} is missing`),
    ...unexpectedFiles(files).map((name) => `${name} does not belong there`),
  ];
  if (wrong.length > 0) throw new Stop(`The package would not be what it should be:\n${wrong.join("\n")}`);

  const file = packageFile();
  const flags = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", file];
  const packed = await run(process.execPath, [vsce, "package", ...flags]);
  if (packed.code !== 0 || !existsSync(file)) throw new Stop(`vsce could not pack the extension:\n${packed.output.trim()}`);
  return { file, bytes: statSync(file).size };
}
