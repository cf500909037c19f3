/** The files of the package that must be in it. */
export const requiredFiles: readonly string[] = [
  "package.json",
  "package.nls.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "THIRD-PARTY-NOTICES.md",
  "dist/extension.cjs",
  "dist/worker.cjs",
  "dist/cli.js",
  "dist/sql-wasm.wasm",
  "dist/page.js",
  "dist/page.css",
  "dist/codicon.ttf",
];

/** Further files that may be in it: icons, pictures of the README, JSON schemas. */
const permitted = /^media\/[\w./-]+\.(svg|png|json)$/;

/** Files of the list that have no place in the package. */
export function unexpectedFiles(files: readonly string[]): string[] {
  return files.filter((file) => !requiredFiles.includes(file) && !permitted.test(file));
}

/** Files that the package needs and the list lacks. */
export function missingFiles(files: readonly string[]): string[] {
  return requiredFiles.filter((file) => !files.includes(file));
}
