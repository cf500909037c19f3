import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { npm, run, Stop } from "./processes.ts";

/** Where everything that is fetched for running VS Code stays between runs. */
export const cacheFolder = resolve(".vscode-test");

/** The version of the npm package `code-server`, which carries VS Code: 4.139.1 has 1.139.1. Another one may be asked for (4.103.2 has 1.103.2). */
export const codeServerVersion = process.env["RUN_RECORD_CODE_SERVER"] ?? "4.139.1";
/** The major version of Node that VS Code's server is made for; before 1.104 it was 22. */
const nodeMajor = /^4\.(\d{1,2}|10[0-3])\./.test(codeServerVersion) ? "22" : "24";

/** An installed VS Code server: the Node it runs on and its entry file. */
export interface VsCode {
  readonly node: string;
  readonly serverMain: string;
}

/**
 * VS Code's server from npm, installed in the cache folder when it is not there yet (about 600 MB, half a minute).
 * It is built in a folder of its own and renamed at the end, so that an interrupted or a second, simultaneous run never leaves half of it.
 */
export async function provideVsCode(): Promise<VsCode> {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = `node-${platform}`;
  const folder = join(cacheFolder, `code-server-${codeServerVersion}-${platform}`);
  const vscode: VsCode = {
    node: join(folder, "node_modules", nodePackage, "bin", "node"),
    serverMain: join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
  };
  if (existsSync(join(folder, "ready"))) return vscode;
  if (process.platform === "win32") {
    throw new Stop(
      "VS Code's server cannot be set up on Windows this way. With VS Code installed, `npm start -- --desktop` opens the samples in it.",
    );
  }

  console.log(`Getting VS Code from npm (code-server ${codeServerVersion}, about 600 MB, once) …`);
  const making = `${folder}.${String(process.pid)}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    writeFileSync(join(making, "package.json"), '{ "private": true }\n');
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await installOrStop(["install", `code-server@${codeServerVersion}`, `${nodePackage}@${nodeMajor}`, ...quiet], making);
    const server = join(making, "node_modules", "code-server", "lib", "vscode");
    await installOrStop(["install", "--omit=dev", ...quiet], server);
    replaceNativeModules(join(server, "node_modules"));
    const node = join(making, "node_modules", nodePackage, "bin", "node");
    // Headers, manual and npm: of no use here, and a walk over thousands of files for every packing.
    for (const rest of ["include", "share", "lib"])
      rmSync(join(making, "node_modules", nodePackage, rest), { recursive: true, force: true });
    const { code, output } = await run(node, ["--version"]);
    if (code !== 0) throw new Stop(`The Node.js ${nodeMajor} that npm has for ${platform} does not run here: ${output.trim()}`);
    writeFileSync(join(making, "ready"), "");
    if (!existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return vscode;
}

async function installOrStop(args: readonly string[], folder: string): Promise<void> {
  const { code, output } = await npm(args, folder);
  if (code === 0) return;
  throw new Stop(
    `VS Code could not be fetched from npm. It needs a way to the npm registry and about 600 MB in ${cacheFolder}. npm said:\n${output.trim()}`,
  );
}

/**
 * Puts stubs in the place of the two native modules without which the server's processes do not start: they would need a compiler, or the
 * install scripts of strangers. The log stub writes the same lines to the same files; the watchdog only ends orphaned processes early.
 */
function replaceNativeModules(modules: string): void {
  for (const [name, source] of [
    ["@vscode/spdlog", "spdlogStub.cjs"],
    ["@vscode/native-watchdog", "watchdogStub.cjs"],
    ["native-watchdog", "watchdogStub.cjs"], // its name in older versions
  ] as const) {
    const target = join(modules, name);
    if (!existsSync(target)) continue;
    rmSync(target, { recursive: true });
    mkdirSync(target);
    writeFileSync(join(target, "package.json"), JSON.stringify({ name, version: "0.0.0", main: "index.js" }));
    cpSync(join("scripts", "stubs", source), join(target, "index.js"));
  }
}

/** Installs packed extensions (.vsix) into an extensions folder that a server then uses. */
export async function installExtensions(
  vscode: VsCode,
  vsixFiles: readonly string[],
  dataDir: string,
  extensionsDir: string,
): Promise<void> {
  const flags = ["--accept-server-license-terms", "--server-data-dir", dataDir, "--extensions-dir", extensionsDir];
  const wanted = vsixFiles.flatMap((file) => ["--install-extension", resolve(file)]);
  const { code, output } = await run(vscode.node, [vscode.serverMain, ...flags, ...wanted, "--force"]);
  const installed = existsSync(extensionsDir) ? readdirSync(extensionsDir) : [];
  if (code !== 0 || installed.length === 0) throw new Stop(`VS Code did not install ${vsixFiles.join(", ")}:\n${output.trim()}`);
}

/** How to start a server. */
export interface ServerOptions {
  /** Holds settings, logs and state; made when it is not there. */
  readonly dataDir: string;
  readonly extensionsDir: string;
  /** Machine settings written before the start, by setting name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Needed in the address of the page when given; without it anyone on this machine may connect. */
  readonly token?: string;
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly flags?: readonly string[];
  /** Added to the environment, which extensions see too. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running VS Code server. */
export interface VsCodeServer {
  /** `127.0.0.1:<port>`, which is also the authority of `vscode-remote://` addresses. */
  readonly authority: string;
  /** The address of the workbench with a folder opened, and whatever else the workbench takes as `payload`. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** All the server printed so far. */
  output(): string;
  /** Settled when the server's process has ended. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

/** Starts VS Code's server on 127.0.0.1 and waits until it answers. */
export async function startServer(vscode: VsCode, options: ServerOptions): Promise<VsCodeServer> {
  if (options.settings !== undefined) writeSettings(options.dataDir, options.settings);
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const authority = `127.0.0.1:${String(port)}`;
  const args = [
    ...["--host", "127.0.0.1", "--port", String(port), "--accept-server-license-terms", "--telemetry-level", "off"],
    ...["--server-data-dir", options.dataDir, "--extensions-dir", options.extensionsDir],
    ...(options.token === undefined ? ["--without-connection-token"] : ["--connection-token", options.token]),
    ...(options.flags ?? []),
  ];
  // A process group of its own, so that its extension hosts end with it.
  const child = spawn(vscode.node, [vscode.serverMain, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    detached: true,
  });
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // The whole group has ended already.
    }
  };
  const endWithUs = () => signal("SIGKILL");
  process.on("exit", endWithUs);
  const printed: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const ended = new Promise<void>((done) => {
    child.on("exit", () => {
      process.off("exit", endWithUs);
      done();
    });
    child.on("error", (error) => {
      printed.push(error.message);
      done();
    });
  });
  const output = () => printed.join("");
  await answers(child, `http://${authority}/version`, output).catch((error: unknown) => {
    signal("SIGKILL");
    throw error;
  });

  return {
    authority,
    url: (folder, payload = []) => {
      const query = new URLSearchParams({ folder });
      if (options.token !== undefined) query.set("tkn", options.token);
      if (payload.length > 0) query.set("payload", JSON.stringify(payload));
      return `http://${authority}/?${query.toString()}`;
    },
    output,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      signal("SIGTERM");
      const impatient = setTimeout(() => signal("SIGKILL"), 5000);
      await ended;
      clearTimeout(impatient);
      signal("SIGKILL"); // extension hosts that wait for their window to come back
    },
  };
}

/** Writes the machine settings of a server, replacing those of an earlier run. */
export function writeSettings(dataDir: string, settings: Readonly<Record<string, unknown>>): void {
  writeSettingsFile(join(dataDir, "data", "Machine"), settings);
}

/** Writes the user settings of a desktop VS Code that is started with this user data folder. */
export function writeUserSettings(userDataDir: string, settings: Readonly<Record<string, unknown>>): void {
  writeSettingsFile(join(userDataDir, "User"), settings);
}

function writeSettingsFile(folder: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings, null, 2));
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolvePort(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}

/** Asks an address until it answers; throws when the process ended instead, or after a minute. */
async function answers(child: ChildProcess, address: string, output: () => string): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Stop(`VS Code's server ended at once:\n${output().trim()}`);
    try {
      const response = await fetch(address);
      if (response.status < 500) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > until) {
      throw new Stop(`VS Code's server did not answer at ${address} within a minute:\n${output().trim()}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The name and version of this project's package. */
export function ownPackage(): { readonly name: string; readonly version: string; readonly publisher: string } {
  return JSON.parse(readFileSync("package.json", "utf8")) as { name: string; version: string; publisher: string };
}
