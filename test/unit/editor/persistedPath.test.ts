import { describe, expect, it } from "vitest";
import { persistedPath } from "../../../src/editor/persistedPath.ts";

describe("persistedPath", () => {
  it.each([
    ["the record's own text, where it names the target", "/w/.harn-runs/a.json", "/w", ".harn-runs/a.json", ".harn-runs/a.json"],
    [
      "the record's own spelling of it",
      "/w/.harn-runs/a.json",
      "/w",
      "./.harn-runs/../.harn-runs/a.json",
      "./.harn-runs/../.harn-runs/a.json",
    ],
    ["the record's own absolute text", "/w/.harn-runs/a.json", "/w", "/w/.harn-runs/a.json", "/w/.harn-runs/a.json"],
    [
      "a path from the base folder, where the record names another file",
      "/w/.harn-runs/b.json",
      "/w",
      ".harn-runs/a.json",
      ".harn-runs/b.json",
    ],
    ["a path from the base folder, where the record names none", "/w/.harn-runs/a.json", "/w", null, ".harn-runs/a.json"],
    ["a path from the base folder, where the record's text is empty", "/w/a.json", "/w", "", "a.json"],
    ["the absolute path outside the base folder", "/elsewhere/a.json", "/w", ".harn-runs/a.json", "/elsewhere/a.json"],
    ["the absolute path beside the base folder", "/w2/a.json", "/w", null, "/w2/a.json"],
    ["a name that begins with two dots", "/w/..a.json", "/w", null, "..a.json"],
  ])("is %s", (_what, target, baseFolder, stored, expected) => {
    expect(persistedPath(target, baseFolder, stored)).toBe(expected);
  });
});
