/**
 * `npm start`: VS Code with this extension and a copy of the sample project, in the browser at the printed address.
 * `npm start -- --desktop`: the same in an installed desktop VS Code. `-- --port N` asks for a port; `-- --no-open` leaves the browser alone.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProgram, main, run, Stop } from "./processes.ts";
import { copySamples } from "./samples.ts";
import { cacheFolder, installExtensions, provideVsCode, startServer, type VsCodeServer } from "./vscode.ts";
import { makePackage } from "./vsix.ts";

const whatToDo = `What to do there:
  1. In the Explorer, open release-notes, then .harn-runs, and click release-notes-v2.4.0.json: a run that went well, with child runs.
  2. incident-triage/.harn-runs/incident-4471-replay.json: questions to people, a rollback, a failure.
  3. running/.harn-runs/dependency-audit.json: a run that has not ended.
  4. daemon/.harn-runs/inbox-watch.json: a mailbox daemon that was stopped and resumed.
  5. F1, then "Run Record": normalize, resave, open as text, and the rest. This is a copy of the samples: change what you like.`;

await main(async () => {
  const { values } = parseArgs({
    options: { desktop: { type: "boolean" }, port: { type: "string" }, "no-open": { type: "boolean" } },
    allowPositionals: false,
  });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Stop(`--port takes a number up to 65535, not ${values.port ?? ""}.`);
  console.log("Building and packing the extension …");
  const { file } = await makePackage();
  if (values.desktop === true) await startDesktop(file);
  else await startInBrowser(file, port, values["no-open"] !== true);
});

/** A folder for this run alone, with a copy of the samples in it; those of runs that have ended are removed. */
function scratchFolder(): { readonly folder: string; readonly samples: string } {
  const all = join(cacheFolder, "start");
  mkdirSync(all, { recursive: true });
  for (const name of readdirSync(all)) {
    if (!isRunning(Number(name))) rmSync(join(all, name), { recursive: true, force: true });
  }
  const folder = join(all, String(process.pid));
  rmSync(folder, { recursive: true, force: true });
  const samples = join(folder, "samples");
  copySamples(samples);
  return { folder, samples };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startInBrowser(vsix: string, port: number, openBrowser: boolean): Promise<void> {
  const vscode = await provideVsCode();
  const { folder, samples } = scratchFolder();
  const dataDir = join(folder, "data");
  const extensionsDir = join(folder, "extensions");
  await installExtensions(vscode, [vsix], dataDir, extensionsDir);
  const server = await startServer(vscode, {
    dataDir,
    extensionsDir,
    port,
    token: randomBytes(20).toString("hex"),
    flags: ["--disable-workspace-trust"],
    settings: {
      "workbench.startupEditor": "none",
      "chat.disableAIFeatures": true,
      "workbench.secondarySideBar.defaultVisibility": "hidden",
    },
  });
  const address = server.url(samples);
  console.log(`\nVS Code with Run Record Viewer and the sample project:\n\n  ${address}\n\n${whatToDo}\n\nCtrl+C here ends it.`);
  if (openBrowser) void openAddress(address);
  await untilStopped(server);
  rmSync(folder, { recursive: true, force: true });
}

/** Opens the user's browser where there is a display; the printed address serves everybody else. */
async function openAddress(address: string): Promise<void> {
  const display = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  const program = process.platform === "darwin" ? "open" : display === undefined ? undefined : findProgram("xdg-open");
  if (program !== undefined) await run(program, [address]);
}

async function untilStopped(server: VsCodeServer): Promise<void> {
  const end = { asked: false };
  const stop = () => {
    end.asked = true;
    void server.stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await server.ended;
  if (!end.asked) throw new Stop(`VS Code's server ended by itself:\n${server.output().trim()}`);
}

async function startDesktop(vsix: string): Promise<void> {
  const code = findProgram("code", "code-insiders", "codium");
  if (code === undefined) {
    throw new Stop(
      "There is no `code` command on the PATH. In VS Code, run \"Shell Command: Install 'code' command in PATH\", or leave --desktop away to use VS Code in the browser.",
    );
  }
  const shell = process.platform === "win32"; // `code` is a .cmd file there
  const installed = await run(code, ["--install-extension", vsix, "--force"], { shell });
  if (installed.code !== 0) throw new Stop(`VS Code did not install ${vsix}:\n${installed.output.trim()}`);
  // Not a folder of this process: the window lives longer. Files of an earlier time are put back as they were.
  const samples = join(cacheFolder, "desktop", "samples");
  copySamples(samples);
  const opened = await run(code, ["--new-window", samples], { shell });
  if (opened.code !== 0) throw new Stop(`VS Code did not open the samples:\n${opened.output.trim()}`);
  console.log(`VS Code opens ${samples} with Run Record Viewer installed.\n\n${whatToDo}`);
}
