import { existsSync, statSync } from "node:fs";
import { run, Stop } from "./processes.ts";
import { ownPackage } from "./vscode.ts";

/** The file `npm run package` makes. */
export function packageFile(): string {
  const { name, version } = ownPackage();
  return `${name}-${version}.vsix`;
}

/** Builds the bundles for production and packs them; stops with what esbuild or vsce said when one of them fails. */
export async function makePackage(): Promise<{ readonly file: string; readonly bytes: number }> {
  const built = await run(process.execPath, ["scripts/run.mjs", "scripts/build.ts", "--production"]);
  if (built.code !== 0) throw new Stop(`The bundles could not be built:\n${built.output.trim()}`);
  const file = packageFile();
  const flags = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", file];
  const packed = await run(process.execPath, ["node_modules/@vscode/vsce/vsce", "package", ...flags]);
  if (packed.code !== 0 || !existsSync(file)) throw new Stop(`vsce could not pack the extension:\n${packed.output.trim()}`);
  return { file, bytes: statSync(file).size };
}
