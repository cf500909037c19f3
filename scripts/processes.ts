import { spawn, type SpawnOptions } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A reason why a script cannot go on that its user can act on; printed as one sentence, without a stack. */
export class Stop extends Error {}

/** What a finished process left: its exit code (-1 when it was killed or could not start) and all it printed, both streams in order. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs a program to its end with nothing on its standard input. With `echo` its output is passed on as it comes.
 * A program that cannot be started is an outcome too (code -1, the reason as output).
 */
export async function run(file: string, args: readonly string[], options: SpawnOptions & { echo?: boolean } = {}): Promise<Finished> {
  const { echo, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...rest, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    const take = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      chunks.push(chunk);
      if (echo === true) to.write(chunk);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs npm in a folder, free of the settings that the npm which runs this script hands down to its children. */
export async function npm(args: readonly string[], cwd: string): Promise<Finished> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")));
  const own = process.env["npm_execpath"];
  return own === undefined
    ? run("npm", args, { cwd, env, shell: process.platform === "win32" })
    : run(process.execPath, [own, ...args], { cwd, env });
}

/** The first program of these names on the PATH (absolute path), or undefined. */
export function findProgram(...names: readonly string[]): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const name of names) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      for (const ending of endings) {
        const file = join(folder, name + ending);
        if (folder !== "" && isExecutable(file)) return file;
      }
    }
  }
  return undefined;
}

/** True for a file that may be executed. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Runs a script's main function; a `Stop` ends the process with its sentence and code 1, any other error with its stack. */
export async function main(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}
