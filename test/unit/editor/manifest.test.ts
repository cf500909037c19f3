import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isRecordUri, viewTypeFor, viewTypes } from "../../../src/editor/viewTypes.ts";

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly icon: string }[];
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly priority: unknown;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const text = readFileSync("package.json", "utf8");
const manifest = JSON.parse(text) as Manifest;
const wordings = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const commands = manifest.contributes.commands.map(({ command }) => command);
const sources = sourceTexts("src");

describe("the manifest", () => {
  it("has a wording for each key it uses, and no other wordings", () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    expect(new Set(used)).toEqual(new Set(Object.keys(wordings)));
  });

  it("declares the commands that the code registers, each with category and icon", () => {
    const registered = [...(sources["commands/registerCommands.ts"] ?? "").matchAll(/"(runRecord\.\w+)":/g)].map(([, id]) => id);
    expect(registered.sort()).toEqual([...commands].sort());
    for (const { category, icon } of manifest.contributes.commands) {
      expect(category).toBe("Run Record");
      expect(icon).toMatch(/^\$\([a-z-]+\)$/);
    }
  });

  it("puts only declared commands into menus", () => {
    const inMenus = Object.values(manifest.contributes.menus).flat();
    expect(inMenus.length).toBeGreaterThan(0);
    expect(inMenus.filter(({ command }) => !commands.includes(command))).toEqual([]);
  });

  it("declares the view types that the code registers, with a priority given as text", () => {
    const declared = manifest.contributes.customEditors.map(({ viewType, priority }) => [viewType, priority]);
    expect(declared).toEqual([
      [viewTypes.editor, "default"],
      [viewTypes.option, "option"],
    ]);
  });

  it("declares no setting that no code reads", () => {
    const code = Object.values(sources).join("\n");
    for (const name of Object.keys(manifest.contributes.configuration.properties)) {
      expect(code).toContain(`"${name.replace("runRecord.", "")}"`);
    }
  });

  it("activates by one look at a folder, not by a search", () => {
    expect(manifest.activationEvents).toEqual(["workspaceContains:.harn-runs"]);
  });
});

describe("isRecordUri", () => {
  it.each([
    ["/w/.harn-runs/a.json", true],
    ["/w/.harn-runs/deep/er/a.json", true],
    ["/w/a.run.json", true],
    ["/w/a.json", false],
    ["/w/.harn-runs/a.jsonl", false],
    ["/w/.harn-runs.json", false],
    ["/w/x.harn-runs/a.json", false],
    ["/w/.harn-runs/a.json.before.txt", false],
  ])("%s: %s", (path, expected) => {
    expect(isRecordUri({ path })).toBe(expected);
    expect(viewTypeFor({ path })).toBe(expected ? viewTypes.editor : viewTypes.option);
  });
});

/** The texts of all TypeScript files below a folder, by their path in it. */
function sourceTexts(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return Object.fromEntries(files.map((file) => [file.replaceAll("\\", "/"), readFileSync(`${folder}/${file}`, "utf8")]));
}
