/**
 * `npm run build [-- names…] [-- --production] [-- --watch]`: bundles into dist/. Without names, all bundles.
 * What went into each bundle is noted in dist/meta/<name>.json (esbuild's metafile), which the layer tests read and the package leaves out.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as esbuild from "esbuild";
import { bundle, bundleNames, entryOf, type BundleName } from "../esbuild.config.ts";

const args = process.argv.slice(2);
const production = args.includes("--production");
const watch = args.includes("--watch");
const words = args.filter((arg) => !arg.startsWith("--"));
const unknown = words.filter((word) => !isBundleName(word));
const names = words.length === 0 ? bundleNames : words.filter(isBundleName);

if (unknown.length > 0) {
  console.error(`There is no bundle named ${unknown.join(", ")}; there are ${bundleNames.join(", ")}.`);
  process.exitCode = 1;
} else if (watch) {
  copySqlWasm();
  for (const name of names) {
    const context = await esbuild.context({ ...bundle(name, production), logLevel: "info" });
    await context.watch();
  }
} else {
  mkdirSync("dist/meta", { recursive: true });
  copySqlWasm();
  const outcomes = await Promise.all(names.map(buildOne));
  if (outcomes.includes(false)) process.exitCode = 1;
}

/** Builds one bundle; false when esbuild found an error (which it has printed). */
async function buildOne(name: BundleName): Promise<boolean> {
  if (!existsSync(entryOf[name])) {
    console.error(`${name}: ${entryOf[name]} does not exist`);
    return false;
  }
  try {
    const started = performance.now();
    const result = await esbuild.build(bundle(name, production));
    if (result.metafile === undefined) throw new Error("esbuild gave no metafile");
    writeFileSync(`dist/meta/${name}.json`, JSON.stringify(result.metafile));
    if (name === "cli") chmodSync("dist/cli.js", 0o755);
    const outputs = Object.entries(result.metafile.outputs).filter(([file]) => !file.endsWith(".map"));
    const sizes = outputs.map(([file, { bytes }]) => `${file} ${(bytes / 1024).toFixed(0)} KB`).join(", ");
    console.log(`${sizes} (${(performance.now() - started).toFixed(0)} ms)`);
    return true;
  } catch (error) {
    if (error instanceof Error && "errors" in error) return false;
    throw error;
  }
}

/** sql.js loads its code from a file beside the bundle it is in. */
function copySqlWasm(): void {
  mkdirSync("dist", { recursive: true });
  copyFileSync("node_modules/sql.js/dist/sql-wasm.wasm", "dist/sql-wasm.wasm");
}

function isBundleName(word: string): word is BundleName {
  return (bundleNames as readonly string[]).includes(word);
}
