import { chromium, type Browser, type Page } from "playwright-core";
import type { PageState, ToHost, ToPage } from "../../../src/protocol/page.ts";
import { browserFlags, provideBrowser } from "../../../scripts/browser.ts";
import type { FakeHost } from "./FakeHost.ts";
import { servePage, type PageServer, type ThemeName } from "./servePage.ts";

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What VS Code remembers from before. */
  readonly state?: PageState;
  readonly waitFor?: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** Sends what the host sends. */
  send(...messages: readonly ToPage[]): Promise<void>;
  /** What the page last told VS Code to remember. */
  remembered(): PageState | null;
  /** Everything that went wrong: script faults, console errors, refusals by the content security policy, dialogs. */
  readonly faults: readonly string[];
}

async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: await provideBrowser(), args: [...browserFlags] });
}

/** A browser and a server for one test file. */
export class PageBench {
  private browser: Browser | null = null;
  private server: PageServer | null = null;

  async start(): Promise<void> {
    [this.browser, this.server] = await Promise.all([launch(), servePage()]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.server?.close();
  }

  /** Opens the page with a host; ready when the first rows are there, or what `waitFor` names. */
  async open(host: FakeHost, options: OpenOptions = {}): Promise<OpenedPage> {
    const context = await this.browser!.newContext({
      viewport: { width: options.width ?? 1300, height: options.height ?? 800 },
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    const faults: string[] = [];
    let remembered: PageState | null = options.state ?? null;
    page.on("pageerror", (error) => faults.push(`page error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(`console: ${message.text()}`);
    });
    page.on("dialog", (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.exposeFunction("toHost", (message: ToHost) => {
      if (message.type === "fault") faults.push(`reported fault: ${message.message}`);
      return host.receive(message);
    });
    await page.exposeFunction("remember", (state: PageState) => {
      remembered = state;
    });
    await page.addInitScript(`
      const stored = ${JSON.stringify(options.state ?? null)};
      let current = stored;
      document.addEventListener("securitypolicyviolation", (event) => console.error("refused by policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
      window.fromHost = (messages) => { for (const message of messages) window.postMessage(message, "*"); };
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => { structuredClone(message); window.toHost(message).then(window.fromHost); },
        getState: () => current,
        setState: (state) => { current = state; window.remember(state); },
      });
    `);
    await page.goto(this.server!.address(options.theme ?? "dark"));
    await page.waitForSelector(options.waitFor ?? ".tree .row[data-row-id]");
    return {
      page,
      send: async (...messages) => {
        await page.evaluate(`window.fromHost(${JSON.stringify(messages)})`);
      },
      remembered: () => remembered,
      faults,
    };
  }
}
