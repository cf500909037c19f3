import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The extension's id, as it stands in addresses of its frames, in paths of its files and in stacks. */
export const extensionId = "run-record.run-record-viewer";

/**
 * Finds what this extension reported as an error in the logs of VS Code's server: the extension host's log is everybody's, so an entry counts
 * there when it names the extension (by id or by a stack through its files); the extension's own log counts whole, and with it what its
 * worker reported.
 */
export class ExtensionLogs {
  readonly #folder: string;
  /** Bytes already read, by log file. */
  readonly #read = new Map<string, number>();

  /** `dataDir` is the server's data folder. What its logs hold already is left out. */
  constructor(dataDir: string) {
    this.#folder = join(dataDir, "data", "logs");
    for (const file of this.#files()) this.#read.set(file, statSync(file).size);
  }

  /** The error entries since the last call, each with its stack. */
  take(): string[] {
    const found: string[] = [];
    for (const file of this.#files()) {
      const from = this.#read.get(file) ?? 0;
      const bytes = readFileSync(file);
      this.#read.set(file, bytes.length);
      const own = file.includes(`/${extensionId}/`);
      found.push(...errorEntries(bytes.toString("utf8", from)).filter((entry) => own || entry.includes(extensionId)));
    }
    return found;
  }

  #files(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("remoteexthost.log") || (file.includes(`/${extensionId}/`) && file.endsWith(".log")))
      .map((file) => join(this.#folder, file));
  }
}

/** The `[error]` entries of a log, each with the lines that follow it. */
function errorEntries(text: string): string[] {
  return text
    .split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[)/m)
    .filter((entry) => /^\S+ \S+ \[error\]/.test(entry))
    .map((entry) => entry.trimEnd());
}
