import fc from "fast-check";
import { expect, it } from "vitest";
import { unifiedDiff } from "../../../src/cli/unifiedDiff.ts";

const names = { before: "a", after: "b" };

/** Applies a unified diff to the text it was made from. */
function patch(text: string, diff: string): string {
  const lines = text.split("\n");
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - 1;
      while (at < start) result.push(lines[at++] ?? "");
      expect(result).toHaveLength(Number(hunk[3]) - 1);
    } else if (line.startsWith("+")) {
      result.push(line.slice(1));
    } else {
      expect(lines[at]).toBe(line.slice(1));
      if (line.startsWith(" ")) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...lines.slice(at)].join("\n");
}

it("shows changed lines between three lines of context", () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}`).join("\n");
  const after = before.replace("line 10", "line ten").replace("line 20", "line 20\nline 21");
  expect(unifiedDiff(before, after, names)).toBe(
    [
      "--- a",
      "+++ b",
      "@@ -7,7 +7,7 @@",
      " line 7",
      " line 8",
      " line 9",
      "-line 10",
      "+line ten",
      " line 11",
      " line 12",
      " line 13",
      "@@ -18,3 +18,4 @@",
      " line 18",
      " line 19",
      " line 20",
      "+line 21",
      "",
    ].join("\n"),
  );
});

it("makes of the one text the other, whatever they are", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "{", "}"), { maxLength: 60 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = unifiedDiff(before, after, names);
      if (before === after) expect(diff).toBe("");
      else expect(patch(before, diff ?? "")).toBe(after);
    }),
    { numRuns: 500 },
  );
});

it("gives up on texts that have next to nothing in common", () => {
  const many = (word: string): string => Array.from({ length: 3000 }, (_, index) => `${word} ${String(index)}`).join("\n");
  expect(unifiedDiff(many("a"), many("b"), names)).toBeNull();
});
