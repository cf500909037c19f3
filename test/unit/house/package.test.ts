import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { unexpectedFiles } from "../../../scripts/packageFiles.ts";

describe("the package", () => {
  // That nothing is missing is checked by `npm run package`, which has the bundles.
  it("takes only what .vscodeignore names", () => {
    const listed = execFileSync(process.execPath, ["node_modules/@vscode/vsce/vsce", "ls", "--no-dependencies"], { encoding: "utf8" });
    const files = listed.split("\n").filter((line) => line !== "");
    expect(files).toContain("package.json");
    expect(unexpectedFiles(files)).toEqual([]);
  });
});
