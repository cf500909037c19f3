import type { BuildOptions } from "esbuild";

/** The bundles of the product, by the name `npm run build -- <name>…` takes. */
export const bundleNames = ["extension", "worker", "cli", "page"] as const;
export type BundleName = (typeof bundleNames)[number];

/** The file each bundle starts from. */
export const entryOf: Readonly<Record<BundleName, string>> = {
  extension: "src/extension.ts",
  worker: "src/engine/worker.ts",
  cli: "src/cli/main.ts",
  page: "webview/main.ts",
};

/**
 * esbuild's options for one bundle, relative to the project's root.
 * `production` minifies and leaves source maps out; both ways types are only erased here, `npm run typecheck` checks them.
 */
export function bundle(name: BundleName, production: boolean): BuildOptions {
  const common: BuildOptions = {
    bundle: true,
    metafile: true,
    minify: production,
    sourcemap: production ? false : "linked",
    legalComments: "none",
    logLevel: "warning",
    define: { "process.env.NODE_ENV": production ? '"production"' : '"development"' },
  };
  const entryPoints = [entryOf[name]];
  switch (name) {
    case "extension":
    case "worker":
      return {
        ...common,
        entryPoints,
        outfile: `dist/${name}.cjs`,
        platform: "node",
        format: "cjs",
        target: "node20",
        external: ["vscode"],
      };
    case "cli":
      return {
        ...common,
        entryPoints,
        outfile: "dist/cli.js",
        platform: "node",
        format: "esm",
        target: "node20",
        banner: { js: cliBanner },
      };
    case "page":
      // One CSS file (dist/page.css) beside the script, and the icon font beside both, under its plain name: the page's CSP lets it
      // load from dist/ only.
      return {
        ...common,
        entryPoints: { page: entryOf[name] },
        outdir: "dist",
        platform: "browser",
        format: "iife",
        target: "es2022",
        loader: { ".ttf": "file", ".svg": "dataurl" },
        assetNames: "[name]",
        conditions: production ? ["production"] : ["development"],
      };
  }
}

/** A bundled CommonJS dependency may ask for `require` and `__dirname`, which an ES module has not. */
const cliBanner = `#!/usr/bin/env node
import { createRequire as $createRequire } from "node:module";
import { dirname as $dirname } from "node:path";
import { fileURLToPath as $fileURLToPath } from "node:url";
const require = $createRequire(import.meta.url);
const __dirname = $dirname($fileURLToPath(import.meta.url));`;
