import type { ConsoleMessage, Page } from "playwright-core";
import { extensionId, ExtensionLogs } from "../../../scripts/extensionLogs.ts";

/** Older workbenches look for newer versions of what is installed, and name it where there is no network. */
const updateCheck = /Error while getting the latest version for the extension/;

/**
 * What went wrong in our own frames, on our side of the extension host and in our worker. The workbench has console errors of its own
 * (missing icons, no sign-in): only what names this extension, by address, path or stack, counts.
 */
export class Faults {
  readonly #seen: string[] = [];
  readonly #logs: ExtensionLogs;
  readonly #expected: RegExp[] = [];

  /** `dataDir` is the data folder of VS Code's server; what stands in its logs already belongs to earlier tests. */
  constructor(page: Page, dataDir: string) {
    this.#logs = new ExtensionLogs(dataDir);
    page.on("console", (message) => this.#console(message));
    page.on("pageerror", (error) => {
      const text = error.stack ?? error.message;
      if (text.includes(extensionId)) this.#seen.push(`uncaught on the page: ${text}`);
    });
    page.on("crash", () => this.#seen.push("the page crashed"));
  }

  /** CSP reports are console errors too; those of our frames have the webview's address, which names the extension. */
  #console(message: ConsoleMessage): void {
    if (message.type() !== "error") return;
    const text = `${message.text()} (${message.location().url})`;
    if (text.includes(extensionId) && !updateCheck.test(text)) this.#seen.push(`console: ${text}`);
  }

  /** From now on faults whose text matches are no faults: for tests that provoke them. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** All faults since the last call, one text each. */
  take(): string[] {
    const logged = this.#logs.take().map((entry) => `log: ${entry}`);
    return [...this.#seen.splice(0), ...logged].filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }
}
