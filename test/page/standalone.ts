import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { PageAnswer, PageRequest, PageState, ToHost, ToPage } from "../../src/protocol/page.ts";
import { sharedBrowser } from "./harness/browser.ts";

/** How the test plays the extension host. */
export interface StandaloneOptions {
  /** Answers one request; what it throws goes back as a failed answer. */
  readonly answer?: (request: PageRequest) => PageAnswer | Promise<PageAnswer>;
  /** Sent once the page has said "ready". */
  readonly onReady?: readonly ToPage[];
  /** What `getState` gives the page at first. */
  readonly state?: PageState;
  readonly theme?: "dark" | "light";
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** The bundled page alone in a browser tab, with a stub of VS Code's API: for tests of the page that need no workbench. */
export class Standalone {
  readonly page: Page;
  /** Everything the page sent, in order. */
  readonly sent: ToHost[] = [];
  readonly #faults: string[] = [];
  readonly #context: BrowserContext;
  readonly #server: Server;

  private constructor(page: Page, context: BrowserContext, server: Server) {
    this.page = page;
    this.#context = context;
    this.#server = server;
    page.on("console", (message) => {
      if (message.type() === "error") this.#faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.#faults.push(`uncaught: ${error.stack ?? error.message}`));
  }

  static async open(options: StandaloneOptions = {}): Promise<Standalone> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://page").pathname;
      const file = path === "/" ? undefined : files[path];
      if (path === "/") {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html(options));
      } else if (file !== undefined && existsSync(file.path)) {
        response.writeHead(200, { "content-type": file.type }).end(readFileSync(file.path));
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the page's server has no port");

    const browser = await sharedBrowser();
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1200, height: 800 } });
    const page = await context.newPage();
    const standalone = new Standalone(page, context, server);
    await page.exposeFunction("toHost", (message: ToHost) => standalone.#receive(message, options));
    await page.goto(`http://127.0.0.1:${String(address.port)}/`);
    await expect
      .poll(() => standalone.sent.some(({ type }) => type === "ready"), { timeout: 20_000, message: "the page is ready" })
      .toBe(true);
    return standalone;
  }

  async #receive(message: ToHost, options: StandaloneOptions): Promise<void> {
    this.sent.push(message);
    if (message.type === "ready") {
      for (const answer of options.onReady ?? []) await this.post(answer);
    } else if (message.type === "request") {
      const { id, request } = message;
      try {
        if (options.answer === undefined) throw new Error(`this test answers no requests (${request.kind})`);
        await this.post({ type: "answer", id, ok: true, value: await options.answer(request) });
      } catch (error) {
        await this.post({ type: "answer", id, ok: false, error: { message: error instanceof Error ? error.message : String(error) } });
      }
    }
  }

  /** Sends the page a message, as the extension host would. */
  async post(message: ToPage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, "*"), message);
  }

  /** A picture of the page, `test-results/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join("test-results", `${name.replace(/[^\w.-]+/g, "-")}.png`) });
  }

  /** Fails when the page logged an error, left one uncaught, was refused something by its CSP, or reported a fault, since the last call. */
  assertNoFaults(): void {
    const reported = this.sent.flatMap((message) => (message.type === "fault" ? [`reported: ${message.message}`] : []));
    expect([...this.#faults.splice(0), ...reported], "errors of the page").toEqual([]);
  }

  async close(): Promise<void> {
    await this.#context.close();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

const files: Readonly<Record<string, { readonly path: string; readonly type: string }>> = {
  "/page.js": { path: "dist/page.js", type: "text/javascript; charset=utf-8" },
  "/page.css": { path: "dist/page.css", type: "text/css; charset=utf-8" },
  "/codicon.ttf": { path: "dist/codicon.ttf", type: "font/ttf" },
};

/** The page with the product's content security policy; `'self'` stands for the source VS Code gives a webview. */
function html({ state, theme = "dark" }: StandaloneOptions): string {
  const nonce = randomBytes(16).toString("base64url");
  const policy = `default-src 'none'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; script-src 'nonce-${nonce}'; connect-src 'self'; worker-src blob:`;
  const stub = `
    let state = ${JSON.stringify(state ?? null).replaceAll("<", "\\u003c")};
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.toHost(message),
      getState: () => state ?? undefined,
      setState: (next) => { state = next; return next; },
    });`;
  const variables = Object.entries({ ...shared, ...(theme === "dark" ? dark : light) }).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<style nonce="${nonce}">:root { ${variables.join(" ")} } body { margin: 0; padding: 0 20px; background: var(--vscode-editor-background); color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }</style>
<script nonce="${nonce}">${stub}</script>
</head>
<body class="vscode-${theme}" data-vscode-theme-kind="vscode-${theme}"><script nonce="${nonce}" src="/page.js"></script></body>
</html>`;
}

const shared = {
  "font-family": "system-ui, sans-serif",
  "font-size": "13px",
  "font-weight": "normal",
  "editor-font-family": "monospace",
  "editor-font-size": "13px",
  "editor-font-weight": "normal",
};

const dark = {
  "editor-background": "#1f1f1f",
  "editor-foreground": "#cccccc",
  foreground: "#cccccc",
  descriptionForeground: "#9d9d9d",
  errorForeground: "#f85149",
  focusBorder: "#0078d4",
  "widget-border": "#313131",
  "panel-border": "#2b2b2b",
  "list-hoverBackground": "#2a2d2e",
  "list-activeSelectionBackground": "#04395e",
  "list-activeSelectionForeground": "#ffffff",
  "list-inactiveSelectionBackground": "#37373d",
  "input-background": "#313131",
  "input-foreground": "#cccccc",
  "button-background": "#0078d4",
  "button-foreground": "#ffffff",
  "badge-background": "#616161",
  "badge-foreground": "#f8f8f8",
  "textLink-foreground": "#4daafc",
  "charts-green": "#89d185",
  "charts-red": "#f14c4c",
  "charts-yellow": "#cca700",
  "charts-blue": "#3794ff",
};

const light: typeof dark = {
  "editor-background": "#ffffff",
  "editor-foreground": "#3b3b3b",
  foreground: "#3b3b3b",
  descriptionForeground: "#3b3b3b",
  errorForeground: "#f85149",
  focusBorder: "#005fb8",
  "widget-border": "#e5e5e5",
  "panel-border": "#e5e5e5",
  "list-hoverBackground": "#f2f2f2",
  "list-activeSelectionBackground": "#e8e8e8",
  "list-activeSelectionForeground": "#000000",
  "list-inactiveSelectionBackground": "#e4e6f1",
  "input-background": "#ffffff",
  "input-foreground": "#3b3b3b",
  "button-background": "#005fb8",
  "button-foreground": "#ffffff",
  "badge-background": "#cccccc",
  "badge-foreground": "#3b3b3b",
  "textLink-foreground": "#005fb8",
  "charts-green": "#388a34",
  "charts-red": "#e51400",
  "charts-yellow": "#bf8803",
  "charts-blue": "#1a85ff",
};
