import type { ToHost } from "../src/protocol/page.ts";

interface VsCodeApi {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What VS Code gives a webview; it may be asked for only once a page. */
export const vscodeApi = acquireVsCodeApi();
