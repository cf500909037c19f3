/** What a command sees of the world around it. */
export interface CliHost {
  /** Absolute; relative paths on the command line are meant from here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: AsyncIterable<Uint8Array>;
  /** File of sql.js's code, for event logs in SQLite where this Node has no SQLite of its own. */
  readonly sqlWasm: string;
  /** Writes results; settles when the reader keeps up. */
  print(text: string | Uint8Array): Promise<void>;
  version(): Promise<string>;
  /** Writes what is for people only: notes, summaries, errors. */
  warn(line: string): void;
}

/** Exit codes of every command. */
export const EXIT = {
  /** Done; nothing to complain about. */
  ok: 0,
  /** Problems found, records differ, a fixture is not fulfilled, `--diff` would change something. */
  found: 1,
  /** Wrong usage, a file that cannot be read or written, a record that is refused. */
  failed: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
