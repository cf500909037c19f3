import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { messages } from "./messages.ts";

/** The folders a page may load from. */
export function pageResourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, "dist"), vscode.Uri.joinPath(extensionUri, "media")];
}

/** The page itself. Nothing of a record stands in it: all text comes later, by message. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = newNonce();
  const dist = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", name)).toString();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy(webview, nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta property="csp-nonce" content="${nonce}">
<title>Run Record</title>
<link rel="stylesheet" href="${dist("page.css")}">
</head>
<body>
<script nonce="${nonce}" src="${dist("page.js")}"></script>
</body>
</html>`;
}

/** Shown in place of a page whose script did not start. Its own few lines of script only post what the two buttons ask for. */
export function failureHtml(webview: vscode.Webview): string {
  const nonce = newNonce();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy(webview, nonce)}">
<title>Run Record</title>
<style nonce="${nonce}">
body { padding: 2em; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
button { padding: 4px 12px; margin-right: 8px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px;
  color: var(--vscode-button-foreground); background: var(--vscode-button-background); font: inherit; cursor: pointer; }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
</style>
</head>
<body>
<main role="alert">
<p>${messages.pageSilent}</p>
<p><button id="reload">Reload</button><button id="showLog">Show Log</button></p>
</main>
<script nonce="${nonce}">
const host = acquireVsCodeApi();
for (const kind of ["reload", "showLog"]) {
  document.getElementById(kind).addEventListener("click", () => host.postMessage({ type: "action", action: { kind } }));
}
</script>
</body>
</html>`;
}

function policy(webview: vscode.Webview, nonce: string): string {
  const source = webview.cspSource;
  return [
    "default-src 'none'",
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
}

function newNonce(): string {
  return randomBytes(18).toString("base64");
}
