import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../../esbuild.config.ts";
import { importsOf, sourcesBelow, type Import } from "./imports.ts";

/** What a layer may import. A folder or file name stands for itself and all below it. */
interface Rule {
  readonly any: readonly string[];
  /** Imported as types only: nothing of it may be left at run time. */
  readonly types?: readonly string[];
}

/** The layer table. A file belongs to the longest key that it begins with; everything may import from its own layer. */
const layers: Readonly<Record<string, Rule>> = {
  "src/json": { any: [] },
  "src/record": { any: ["src/json", "zod"] },
  "src/eventlog": { any: ["src/json", "src/record", "zod"] },
  "src/view": { any: ["src/record", "src/json"], types: ["src/eventlog"] },
  "src/protocol": { any: [], types: ["src/view"] },
  "src/engine": { any: ["src/json", "src/record", "src/eventlog", "src/view", "src/protocol", "node:", "sql.js"] },
  // VS Code's side speaks with the engine through its client; of Node it needs paths and random numbers for page tokens.
  // Where a record's base folder lies is asked before the engine is, by the engine's own rule.
  "src/editor": {
    any: ["src/engine/EngineClient.ts", "src/engine/ports/findBaseFolder.ts", "src/protocol", "vscode", "node:path", "node:crypto"],
    types: ["src/view"],
  },
  "src/explorer": { any: ["src/editor", "src/engine/EngineClient.ts", "src/protocol", "vscode", "node:path"], types: ["src/view"] },
  // A card's text for a hover is a pure function of the card.
  "src/language": {
    any: ["src/editor", "src/engine/EngineClient.ts", "src/view/cardMarkdown.ts", "src/protocol", "vscode", "node:path"],
    types: ["src/view"],
  },
  "src/commands": {
    any: ["src/editor", "src/explorer", "src/engine/EngineClient.ts", "src/protocol", "vscode", "node:path"],
    types: ["src/view"],
  },
  "src/extension.ts": {
    any: ["src/editor", "src/explorer", "src/language", "src/commands", "src/engine/EngineClient.ts", "vscode", "node:path"],
  },
  "src/cli": { any: ["src/json", "src/record", "src/eventlog", "src/view", "src/protocol", "src/engine", "node:"] },
  // The page shares the formatting of numbers and times with the engine's side; those files import nothing.
  webview: {
    any: ["src/protocol/page.ts", "src/view/format", "lit", "@vscode/webview-ui-toolkit", "@vscode/codicons"],
    types: ["src/view"],
  },
};

/** The layers without Node, VS Code, DOM, clock and chance. */
const pure = ["src/json", "src/record", "src/eventlog", "src/view", "src/protocol"];

function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((layer) => below(file, layer))
    .sort((a, b) => b.length - a.length)[0];
}

/** `src/json` and `src/json/…`, but not `src/jsonish`; a prefix that ends in `:` or names the beginning of files is taken as it is. */
function below(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}/`) || (/:$|\/format$/.test(prefix) && name.startsWith(prefix));
}

function allowed({ from, to, typeOnly }: Import): boolean {
  const layer = layerOf(from);
  if (layer === undefined) return false;
  const rule = layers[layer];
  if (rule === undefined) return false;
  if (below(to, layer)) return true;
  return rule.any.some((name) => below(to, name)) || (typeOnly && (rule.types ?? []).some((name) => below(to, name)));
}

const said = ({ from, to, typeOnly }: Import) => `${from} ${typeOnly ? "imports the type from" : "imports"} ${to}`;

describe("layers, by every import that is written", () => {
  const files = [...sourcesBelow("src"), ...sourcesBelow("webview")];

  it("every source file belongs to a layer", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it("no import leaves the table", () => {
    const imports = files.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((one) => !allowed(one)).map(said)).toEqual([]);
  });
});

describe("the pure layers, bundled for no platform", () => {
  let inputs: Awaited<ReturnType<typeof neutralInputs>> = {};
  beforeAll(async () => {
    inputs = await neutralInputs();
  });

  it("are nothing but their own files and zod", () => {
    const foreign = Object.keys(inputs).filter(
      (file) => !pure.some((layer) => below(file, layer)) && !file.startsWith("node_modules/zod/"),
    );
    expect(foreign).toEqual([]);
    expect(Object.keys(inputs).some((file) => file.startsWith("src/json/"))).toBe(true);
  });

  it("leave nothing outside", () => {
    const external = Object.entries(inputs).flatMap(([file, { imports }]) =>
      imports.filter((one) => one.external === true).map((one) => `${file} needs ${one.path}`),
    );
    expect(external).toEqual([]);
  });

  it("keep to the table at run time too", () => {
    const edges = Object.entries(inputs)
      .filter(([file]) => file.startsWith("src/"))
      .flatMap(([from, { imports }]) =>
        imports.map(({ path }) => ({ from, to: path.startsWith("node_modules/zod/") ? "zod" : path, typeOnly: false })),
      );
    expect(edges.filter((one) => !allowed(one)).map(said)).toEqual([]);
  });
});

describe("the page's bundle", () => {
  it("holds of this project only its own files, the protocol and the formatters; and no zod", async () => {
    const { metafile } = await build({ ...bundle("page", true), metafile: true, write: false });
    const files = Object.keys(metafile.inputs);
    expect(files).toContain("webview/main.ts");
    const own = files.filter((file) => !file.startsWith("node_modules/"));
    const permitted = ["webview", "src/protocol/page.ts", "src/view/format"];
    expect(own.filter((file) => !permitted.some((name) => below(file, name)))).toEqual([]);
    expect(files.filter((file) => file.startsWith("node_modules/zod/"))).toEqual([]);
  });
});

/** Bundles every file of the pure layers for platform "neutral", where neither Node nor a browser exists, and gives what went in. */
async function neutralInputs() {
  const { metafile } = await build({
    entryPoints: pure.flatMap(sourcesBelow),
    bundle: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    format: "esm",
    target: "es2022",
    outdir: "dist/neutral",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return metafile.inputs;
}
