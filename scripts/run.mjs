#!/usr/bin/env node
/**
 * `node scripts/run.mjs <script.ts> [arguments]`: bundles one of the project's TypeScript scripts with esbuild and runs it, because plain
 * Node 20 cannot read types. It is also the first thing that runs on a fresh clone, so it uses Node's own modules only until the
 * dependencies are there: they are installed when they are missing or are not those of the lock file.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);

if (Number(process.versions.node.split(".")[0]) < 20)
  stop(`Node.js 20 or newer is needed; this is ${process.version}. See https://nodejs.org`);
if (script === undefined) stop("usage: node scripts/run.mjs <script.ts> [arguments]");
process.chdir(root);
if (!dependenciesAreThose()) installDependencies();

const { build } = await import("esbuild");
// Inside node_modules, so that the bundle finds the packages it leaves external; named by process, so that two runs never share a file.
const outfile = join(root, "node_modules", ".cache", "scripts", `${basename(script, ".ts")}.${String(process.pid)}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
process.on("exit", () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [resolve(script)],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], resolve(script), ...args];
await import(pathToFileURL(outfile).href);

/** True when every package of the lock file (optional ones of other platforms apart) is installed in the version it names. */
function dependenciesAreThose() {
  try {
    const wanted = packagesIn("package-lock.json");
    const installed = packagesIn(join("node_modules", ".package-lock.json"));
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === "" || entry.optional === true || (installed[path] !== undefined && installed[path].version === entry.version),
    );
  } catch {
    return false; // no node_modules, or an npm that was interrupted: install
  }
}

function packagesIn(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
}

function installDependencies() {
  console.log("Installing the dependencies (npm ci) …");
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"] };
  const run =
    npm === undefined
      ? spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { ...options, shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, "ci", "--no-audit", "--no-fund"], options);
  if (run.status !== 0) {
    stop(
      "The dependencies could not be installed: `npm ci` failed (its own words stand above). It needs npm and a way to the npm registry (https://registry.npmjs.org, or the one in your .npmrc).",
    );
  }
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
