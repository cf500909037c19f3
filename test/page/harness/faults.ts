import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ConsoleMessage, Page } from "playwright-core";

/** The extension's id, as it stands in addresses of its frames, in paths of its files and in stacks. */
const extensionId = "run-record.run-record-viewer";

/**
 * What went wrong in our own frames, on our side of the extension host and in our worker. The workbench has console errors of its own
 * (missing icons, no sign-in): only what names this extension, by address, path or stack, counts.
 */
export class Faults {
  readonly #seen: string[] = [];
  readonly #logs: string;
  /** Bytes already read, by log file. */
  readonly #read = new Map<string, number>();
  readonly #expected: RegExp[] = [];

  /** `logs` is the folder below which VS Code's server writes its logs; what stands there already belongs to earlier tests. */
  constructor(page: Page, logs: string) {
    this.#logs = logs;
    for (const file of ownLogFiles(logs)) this.#read.set(file, statSync(file).size);
    page.on("console", (message) => this.#console(message));
    page.on("pageerror", (error) => {
      const text = error.stack ?? error.message;
      if (isOurs(text)) this.#seen.push(`uncaught on the page: ${text}`);
    });
    page.on("crash", () => this.#seen.push("the page crashed"));
  }

  #console(message: ConsoleMessage): void {
    if (message.type() !== "error") return;
    const text = `${message.text()} (${message.location().url})`;
    if (isOurs(text)) this.#seen.push(`console: ${text}`);
  }

  /** From now on faults whose text matches are no faults: for tests that provoke them. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** All faults since the last call, one text each. */
  take(): string[] {
    for (const file of ownLogFiles(this.#logs)) {
      const from = this.#read.get(file) ?? 0;
      const bytes = readFileSync(file);
      this.#read.set(file, bytes.length);
      // The host's log is everybody's; a file below our id is ours alone, the worker's errors included.
      const all = file.includes(`/${extensionId}/`);
      for (const entry of errorEntries(bytes.toString("utf8", from))) {
        if (all || isOurs(entry)) this.#seen.push(`log: ${entry}`);
      }
    }
    return this.#seen.splice(0).filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }
}

/** `run-record.` followed by the id's rest in a path of an installed extension, an address of a webview, or a stack. */
function isOurs(text: string): boolean {
  return text.includes(extensionId);
}

/** The extension hosts' logs and our own output channels below them. */
function ownLogFiles(logs: string): string[] {
  if (!existsSync(logs)) return [];
  return readdirSync(logs, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("remoteexthost.log") || (file.includes(`/${extensionId}/`) && file.endsWith(".log")))
    .map((file) => join(logs, file));
}

/** The `[error]` entries of a log, each with its following lines (a stack). */
function errorEntries(text: string): string[] {
  return text.split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[)/m).filter((entry) => /^\S+ \S+ \[error\]/.test(entry));
}
