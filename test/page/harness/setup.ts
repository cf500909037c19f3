import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { browserFlags, provideBrowser } from "../../../scripts/browser.ts";
import { testSettings } from "../../../scripts/testSettings.ts";
import { installExtensions, provideVsCode, startServer, writeSettings } from "../../../scripts/vscode.ts";
import { makePackage } from "../../../scripts/vsix.ts";

/** What a test file needs to know of the server and the browser that serve the whole suite. */
export interface Shared {
  /** Where Chromium can be reached. */
  readonly browser: string;
  /** `127.0.0.1:<port>` of VS Code's server. */
  readonly authority: string;
  /** The server's data folder: settings in `data/Machine`, logs in `data/logs`. */
  readonly dataDir: string;
  /** The folder of this run, for workspaces; removed at its end. */
  readonly scratch: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly shared: Shared;
  }
}

/** Starts the server with the packed extension, and Chromium. `RUN_RECORD_VSIX` names a package made before; otherwise it is made now. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const vsix = process.env["RUN_RECORD_VSIX"] ?? (await makePackage()).file;
  const vscode = await provideVsCode();
  const executablePath = await provideBrowser();
  const scratch = mkdtempSync(join(tmpdir(), "run-record-page-"));
  mkdirSync("test-results", { recursive: true });
  const dataDir = join(scratch, "data");
  const extensionsDir = join(scratch, "extensions");
  await installExtensions(vscode, [vsix], dataDir, extensionsDir);
  writeSettings(dataDir, testSettings);
  const server = await startServer(vscode, { dataDir, extensionsDir, flags: ["--disable-workspace-trust"] });
  const browser = await chromium.launchServer({ executablePath, args: [...browserFlags] });
  project.provide("shared", { browser: browser.wsEndpoint(), authority: server.authority, dataDir, scratch });
  return async () => {
    await browser.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  };
}
