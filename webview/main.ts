import "@vscode/codicons/dist/codicon.css";
import "./css/base.css";
import "./css/header.css";
import "./css/tree.css";
import "./css/detail.css";
import "./css/preview.css";
import "./css/table.css";
import "./css/tabs.css";
import type { ToPage } from "../src/protocol/page.ts";
import { App } from "./App.ts";
import { registerControls } from "./controls.ts";
import "./DetailPane.ts";
import { HostLink } from "./HostLink.ts";
import "./HoverCard.ts";
import "./LongTextView.ts";
import { readPageState } from "./pageState.ts";
import { PageStateStore } from "./PageStateStore.ts";
import "./ProblemsList.ts";
import "./SavePreviewView.ts";
import "./Splitter.ts";
import "./TreeGrid.ts";
import { vscodeApi } from "./vscodeApi.ts";

registerControls();

const link = new HostLink((message) => vscodeApi.postMessage(message));
const stored = readPageState(vscodeApi.getState());
const state = new PageStateStore(stored, (now) => vscodeApi.setState(now));
const app = new App(link, state);

window.addEventListener("message", (event: MessageEvent<ToPage>) => app.receive(event.data));
window.addEventListener("pagehide", () => state.flush());
window.addEventListener("error", (event) => {
  // The browser's way of saying that a size settles in the next frame; nothing is wrong.
  if (event.message.startsWith("ResizeObserver loop")) return;
  link.fault(event.error instanceof Error ? (event.error.stack ?? event.error.message) : event.message);
  app.failed();
});
window.addEventListener("unhandledrejection", (event) => {
  link.fault(event.reason instanceof Error ? (event.reason.stack ?? event.reason.message) : String(event.reason));
  app.failed();
});

document.body.append(app);
link.ready(stored);
