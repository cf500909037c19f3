import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { resultsVariable, type Outcome, type Sign } from "../test/host/registry.ts";
import { browserFlags, provideBrowser } from "./browser.ts";
import { ExtensionLogs } from "./extensionLogs.ts";
import { bundleHostTests } from "./hostBundle.ts";
import { copySamples } from "./samples.ts";
import { testSettings } from "./testSettings.ts";
import { installExtensions, provideVsCode, startServer, type VsCodeServer } from "./vscode.ts";

/** No test may be silent for longer, in milliseconds; the registry's own limit for one test is a minute. */
const silence = 120_000;

/**
 * Runs the host suite against an installed .vsix in the extension host of VS Code's server, with a fresh copy of the samples as workspace.
 * Gives all outcomes; a test that never came to its end is a failed one. Prints each as it comes.
 */
export async function runHostSuite(vsix: string): Promise<readonly Outcome[]> {
  const vscode = await provideVsCode();
  const executablePath = await provideBrowser();
  const folder = mkdtempSync(join(tmpdir(), "run-record-host-"));
  try {
    const workspace = join(folder, "samples");
    copySamples(workspace);
    const { extension, tests } = await bundleHostTests(folder);
    const dataDir = join(folder, "data");
    const extensionsDir = join(folder, "extensions");
    await installExtensions(vscode, [vsix], dataDir, extensionsDir);
    const results = join(folder, "results.json");
    const logs = new ExtensionLogs(dataDir);
    const server = await startServer(vscode, {
      dataDir,
      extensionsDir,
      settings: testSettings,
      // The smoke test driver makes the built workbench honour the two extension… entries of the payload.
      flags: ["--disable-workspace-trust", "--enable-smoke-test-driver"],
      env: { [resultsVariable]: results },
    });
    const browser = await chromium.launch({ executablePath, args: [...browserFlags] });
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.text().includes("[Extension Host]")) said.push(message.text().slice(0, 300));
      });
      const remote = `vscode-remote://${server.authority}`;
      await page.goto(
        server.url(workspace, [
          ["extensionDevelopmentPath", remote + extension],
          ["extensionTestsPath", remote + tests],
          ["skipWelcome", "true"],
        ]),
      );
      const finished = await outcomes(results, server, said);
      return [...finished, loggedErrors(logs, signs(results))];
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Follows the progress file until the results are there. */
async function outcomes(results: string, server: VsCodeServer, said: readonly string[]): Promise<readonly Outcome[]> {
  let printed = 0;
  let lastSign = Date.now();
  for (;;) {
    const done = existsSync(results);
    const entries = signs(results);
    for (const entry of entries.slice(printed)) if ("state" in entry) print(entry);
    if (entries.length > printed) lastSign = Date.now();
    printed = entries.length;
    if (done) return JSON.parse(readFileSync(results, "utf8")) as Outcome[];
    if (server.hasEnded() || Date.now() - lastSign > silence) {
      const why = server.hasEnded() ? "VS Code's server ended" : `nothing was heard for ${String(silence / 1000)} seconds`;
      const last = entries.at(-1);
      const finished = entries.filter((entry): entry is Outcome => "state" in entry);
      const name = last !== undefined && "starts" in last ? last.starts : "the host suite as a whole";
      const failure: Outcome = {
        name,
        state: "failed",
        milliseconds: 0,
        error: [why, ...said.slice(-20), server.output().slice(-2000)].join("\n"),
      };
      print(failure);
      return [...finished, failure];
    }
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** The complete lines of the progress file. */
function signs(results: string): Sign[] {
  const file = `${results}.progress`;
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Sign);
}

/** One more outcome: that the extension logged no error that no test expected. */
function loggedErrors(logs: ExtensionLogs, signs: readonly Sign[]): Outcome {
  const expected = signs.flatMap((sign) => ("expectsLogged" in sign ? [sign.expectsLogged] : []));
  const errors = logs.take().filter((entry) => !expected.some((text) => entry.includes(text)));
  const name = "the extension host logged no error of this extension";
  const outcome: Outcome =
    errors.length === 0 ? { name, state: "passed", milliseconds: 0 } : { name, state: "failed", milliseconds: 0, error: errors.join("\n") };
  print(outcome);
  return outcome;
}

/** One line a test, and the reason below a failed one. */
export function print(outcome: Outcome): void {
  const sign = { passed: "✓", failed: "✗", skipped: "-" }[outcome.state];
  console.log(` ${sign} ${outcome.name} (${String(outcome.milliseconds)} ms)`);
  if (outcome.error !== undefined) console.log(outcome.error.replace(/^/gm, "     "));
}
