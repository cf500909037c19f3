import { join } from "node:path";
import type { CliHost, ExitCode } from "../../../src/cli/CliHost.ts";
import { runCommand } from "../../../src/cli/runCommand.ts";

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in `cwd`, in this process. */
export async function run(
  cwd: string,
  args: readonly string[],
  options: { readonly input?: readonly (string | Uint8Array)[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: string[] = [];
  const host: CliHost = {
    cwd,
    env: options.env ?? {},
    input: inputOf(options.input ?? []),
    sqlWasm: join(import.meta.dirname, "../../../node_modules/sql.js/dist/sql-wasm.wasm"),
    print: async (text) => {
      out.push(Buffer.from(text));
      return Promise.resolve();
    },
    version: async () => Promise.resolve("1.2.3"),
    warn: (line) => err.push(line),
  };
  const code = await runCommand(args, host);
  return { code, out: Buffer.concat(out).toString(), err: err.join("\n") };
}

async function* inputOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}
