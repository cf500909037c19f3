import { existsSync, readFileSync } from "node:fs";
import { run, Stop } from "./processes.ts";
import { missingFiles, unexpectedFiles } from "./packageFiles.ts";
import { ownPackage } from "./vscode.ts";

/** The file `npm run package` makes. */
export function packageFile(): string {
  const { name, version } = ownPackage();
  return `${name}-${version}.vsix`;
}

const vsce = "node_modules/@vscode/vsce/vsce";

/** Builds the bundles for production and packs them; checks that nothing is missing in the package and nothing too much; stops with what esbuild or vsce said when one of them fails. */
export async function makePackage(): Promise<{ readonly file: string; readonly bytes: number }> {
  const built = await run(process.execPath, ["scripts/run.mjs", "scripts/build.ts", "--production"]);
  if (built.code !== 0) throw new Stop(`The bundles could not be built:\n${built.output.trim()}`);
  const file = packageFile();
  const flags = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", file];
  const packed = await run(process.execPath, [vsce, "package", ...flags]);
  if (packed.code !== 0 || !existsSync(file)) throw new Stop(`vsce could not pack the extension:\n${packed.output.trim()}`);
  const archive = readFileSync(file);
  const files = zipEntries(archive).flatMap((name) => (name.startsWith("extension/") ? [packedName(name.slice("extension/".length))] : []));
  const wrong = [
    ...missingFiles(files).map((name) => `${name} is missing`),
    ...unexpectedFiles(files).map((name) => `${name} does not belong there`),
  ];
  if (wrong.length > 0) throw new Stop(`The package is not what it should be:\n${wrong.join("\n")}`);
  return { file, bytes: archive.length };
}

/** vsce renames three files for the marketplace; their names in the project. */
function packedName(name: string): string {
  const renamed: Readonly<Record<string, string>> = { "readme.md": "README.md", "changelog.md": "CHANGELOG.md", "LICENSE.txt": "LICENSE" };
  return renamed[name] ?? name;
}

/** The names in a zip archive's central directory (below 65,535 entries, no comment at the end). */
function zipEntries(archive: Buffer): string[] {
  const end = archive.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0) throw new Stop("The package is no zip archive.");
  const names: string[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
    names.push(archive.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
