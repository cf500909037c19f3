import { describe, expect, it } from "vitest";
import { persistedPath } from "../../../src/editor/persistedPath.ts";

describe("persistedPath", () => {
  it.each([
    ["a path from the base folder", "/w/.harn-runs/a.json", "/w", ".harn-runs/a.json"],
    ["the absolute path outside the base folder", "/elsewhere/a.json", "/w", "/elsewhere/a.json"],
    ["the absolute path beside the base folder", "/w2/a.json", "/w", "/w2/a.json"],
    ["a name that begins with two dots", "/w/..a.json", "/w", "..a.json"],
  ])("is %s", (_what, target, baseFolder, expected) => {
    expect(persistedPath(target, baseFolder)).toBe(expected);
  });
});
