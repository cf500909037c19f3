import { spawnSync } from "node:child_process";

/** Whether a Python with SQLite is here: the second opinion on databases, and the other program that writes them. */
export const hasPython = spawnSync("python3", ["-c", "import sqlite3"], { stdio: "ignore" }).status === 0;

/** Runs a script, with `input` as JSON on its standard input, and gives what it prints, read as JSON. */
export function runPython(script: string, input: unknown = null): unknown {
  const ran = spawnSync("python3", ["-c", script], { input: JSON.stringify(input), encoding: "utf8", maxBuffer: 1 << 30 });
  if (ran.status !== 0) throw new Error(`python3 ended with ${String(ran.status)}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as unknown;
}
