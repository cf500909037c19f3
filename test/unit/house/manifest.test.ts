import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sourcesBelow } from "./imports.ts";

interface Manifest {
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly vscode: string };
  readonly activationEvents?: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: boolean | "limited"; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: unknown;
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly icon?: string }[];
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly priority: unknown;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string }[];
    readonly configuration?: { readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default?: unknown }>> };
  };
}

const text = readFileSync("package.json", "utf8");
const manifest = JSON.parse(text) as Manifest;
const sentences = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
const sources = sourcesBelow("src").map((file) => readFileSync(file, "utf8"));

describe("the manifest", () => {
  it("starts from the bundles", () => {
    expect(manifest.main).toBe("./dist/extension.cjs");
    expect(manifest.bin).toEqual({ "run-record": "dist/cli.js" });
    expect(manifest.engines.vscode).toBe("^1.101.0");
  });

  it("wakes up without looking through the workspace", () => {
    expect((manifest.activationEvents ?? []).filter((event) => event.startsWith("workspaceContains:") && event.includes("*"))).toEqual([]);
    expect(manifest.activationEvents ?? []).not.toContain("*");
  });

  it("says what it does in untrusted and in virtual workspaces", () => {
    expect(manifest.capabilities.untrustedWorkspaces).toBeDefined();
    expect(manifest.capabilities.virtualWorkspaces).toBeDefined();
  });

  it("has both editors: the rendered one first for run records, an option for other JSON", () => {
    const editors = Object.fromEntries(manifest.contributes.customEditors.map((editor) => [editor.viewType, editor]));
    expect(editors["runRecord.editor"]?.priority).toBe("default");
    expect(editors["runRecord.editor"]?.selector.map((one) => one.filenamePattern)).toEqual(["**/.harn-runs/**/*.json", "**/*.run.json"]);
    expect(editors["runRecord.editorOption"]?.priority).toBe("option");
  });
});

describe("commands", () => {
  const declared = manifest.contributes.commands.map(({ command }) => command);

  it("are there, each once, under our prefix", () => {
    expect(declared.length).toBeGreaterThan(0);
    expect(new Set(declared).size).toBe(declared.length);
    expect(declared.filter((command) => !command.startsWith("runRecord."))).toEqual([]);
  });

  it.each(declared)("%s is named in the sources", (command) => {
    expect(sources.some((source) => source.includes(`"${command}"`))).toBe(true);
  });

  it("have a title from package.nls.json and our category", () => {
    expect(manifest.contributes.commands.filter(({ title, category }) => !/^%.+%$/.test(title) || category !== "Run Record")).toEqual([]);
  });

  it("of menus and keys are declared", () => {
    const used = [...Object.values(manifest.contributes.menus).flat(), ...(manifest.contributes.keybindings ?? [])].flatMap(
      ({ command }) => (command?.startsWith("runRecord.") === true ? [command] : []),
    );
    expect(used.filter((command) => !declared.includes(command))).toEqual([]);
  });
});

describe("settings", () => {
  const settings = Object.keys(manifest.contributes.configuration?.properties ?? {});

  it("have our prefix and are read in the sources", () => {
    expect(settings.filter((name) => !name.startsWith("runRecord."))).toEqual([]);
    const unread = settings.filter(
      (name) => !sources.some((source) => source.includes(`"${name.slice("runRecord.".length)}"`) || source.includes(`"${name}"`)),
    );
    expect(unread).toEqual([]);
  });
});

describe("settings that reach out of the workspace", () => {
  const settings = manifest.contributes.configuration?.properties ?? {};
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;

  it("are not a workspace's to set before it is trusted", () => {
    expect([...restrictedConfigurations].sort()).toEqual([
      "runRecord.eventLog.path",
      "runRecord.runFolders",
      "runRecord.save.publishActionGraph",
    ]);
    expect(restrictedConfigurations.filter((name) => settings[name] === undefined)).toEqual([]);
  });

  it("write nothing beside a record until a machine's user says so", () => {
    expect(settings["runRecord.save.publishActionGraph"]).toMatchObject({ default: false, scope: "machine" });
  });
});

describe("sentences", () => {
  const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ""));

  it("of the manifest are all in package.nls.json", () => {
    expect([...used].filter((key) => sentences[key] === undefined)).toEqual([]);
  });

  it("of package.nls.json are all used", () => {
    expect(Object.keys(sentences).filter((key) => !used.has(key))).toEqual([]);
  });
});
