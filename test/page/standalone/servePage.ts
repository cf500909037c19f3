import { build } from "esbuild";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { bundle } from "../../../esbuild.config.ts";

export type ThemeName = "dark" | "light" | "hc-dark" | "hc-light";

/** Variables as a webview gets them, read from the running workbench with VS Code's own four default themes. */
interface Theme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface PageServer {
  address(theme: ThemeName): string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".ttf": "font/ttf",
  ".map": "application/json",
};
const nonce = "c3RhbmRhbG9uZQ";

/** Bundles the page with the product's own options and serves it under the product's content security policy. */
export async function servePage(): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), "run-record-page-"));
  const options = bundle("page", true);
  await build({ ...options, outdir: folder, metafile: false });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    if (pathname === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    void answer(folder, pathname).then(
      ({ type, body }) => response.writeHead(200, { "content-type": type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: (theme) => `http://127.0.0.1:${port}/${theme}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true });
    },
  };
}

async function answer(folder: string, pathname: string): Promise<{ type: string; body: string | Buffer }> {
  const name = pathname.slice(1);
  if (name === "dark" || name === "light" || name === "hc-dark" || name === "hc-light")
    return { type: "text/html", body: await pageHtml(name) };
  return { type: types[extname(name)] ?? "application/octet-stream", body: await readFile(join(folder, name.replaceAll("/", ""))) };
}

async function pageHtml(name: ThemeName): Promise<string> {
  const theme = JSON.parse(await readFile(new URL(`themes/${name}.json`, import.meta.url), "utf8")) as Theme;
  const variables = Object.entries(theme.variables)
    .map(([variable, value]) => `${variable}: ${value};`)
    .join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Run record</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; script-src 'nonce-${nonce}'; connect-src 'self'; worker-src blob:">
<meta property="csp-nonce" content="${nonce}">
<style nonce="${nonce}">:root { ${variables} }</style>
<link rel="stylesheet" href="/page.css">
</head>
<body class="${theme.bodyClass}">
<script nonce="${nonce}" src="/page.js"></script>
</body>
</html>`;
}
