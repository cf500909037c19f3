/**
 * `npm run test:electron`: the host suite in a desktop VS Code that @vscode/test-electron downloads. Where it cannot be downloaded or there
 * is no display, the suite is "not run": never passed, exit code 2.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";
import { resultsVariable, type Outcome } from "../test/host/registry.ts";
import { bundleHostTests } from "./hostBundle.ts";
import { print } from "./hostSuite.ts";
import { main, run, Stop } from "./processes.ts";
import { copySamples } from "./samples.ts";
import { testSettings } from "./testSettings.ts";
import { cacheFolder, writeUserSettings } from "./vscode.ts";
import { makePackage } from "./vsix.ts";

await main(async () => {
  const noDisplay = process.platform === "linux" && process.env["DISPLAY"] === undefined && process.env["WAYLAND_DISPLAY"] === undefined;
  if (noDisplay) {
    notRun("there is no display; under X, `xvfb-run npm run test:electron` gives it one");
    return;
  }
  let executable: string;
  try {
    executable = await downloadAndUnzipVSCode({ version: "stable", cachePath: join(cacheFolder, "desktop-versions") });
  } catch (error) {
    notRun(`desktop VS Code could not be downloaded: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  await runIn(executable);
});

function notRun(why: string): void {
  console.log(`host suite in desktop VS Code: not run (${why})`);
  process.exitCode = 2;
}

async function runIn(executable: string): Promise<void> {
  const { file } = await makePackage();
  const folder = mkdtempSync(join(tmpdir(), "run-record-electron-"));
  try {
    const workspace = join(folder, "samples");
    copySamples(workspace);
    const { extension, tests } = await bundleHostTests(folder);
    const results = join(folder, "results.json");
    const userData = join(folder, "user-data");
    writeUserSettings(userData, testSettings);
    const folders = [`--extensions-dir=${join(folder, "extensions")}`, `--user-data-dir=${userData}`];
    const [cli, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable);
    if (cli === undefined) throw new Error("no command line of VS Code");
    const own = cliArgs.filter((arg) => !arg.startsWith("--extensions-dir") && !arg.startsWith("--user-data-dir"));
    const installed = await run(cli, [...own, ...folders, "--install-extension", resolve(file), "--force"], {
      shell: process.platform === "win32",
    });
    if (installed.code !== 0) throw new Stop(`VS Code did not install ${file}:\n${installed.output.trim()}`);
    const ended = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      extensionTestsEnv: { [resultsVariable]: results },
      launchArgs: [workspace, ...folders, "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes"],
    }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (!existsSync(results)) throw new Stop(`VS Code ended before the host suite did: ${String(ended)}`);
    const outcomes = JSON.parse(readFileSync(results, "utf8")) as Outcome[];
    outcomes.forEach(print);
    const count = (state: Outcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
    const skipped = count("skipped") > 0 ? `, ${String(count("skipped"))} skipped` : "";
    console.log(`\n${String(count("passed"))} passed, ${String(count("failed"))} failed${skipped}`);
    if (count("failed") > 0 || count("passed") === 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
