import { describe, expect, test } from "vitest";
import { isRfc3339 } from "../../../src/record/rfc3339.ts";
import { llmTranscriptSidecarPath } from "../../../src/record/llmTranscriptSidecarPath.ts";
import {
  debugList,
  debugOption,
  debugString,
  firstCodePoints,
  formatFixed,
  isBlank,
  splitWhitespace,
  trim,
  utf8Length,
} from "../../../src/record/runtimeText.ts";

describe("trim", () => {
  test.each([
    ["  a ", "a"],
    ["\u0085\u00a0a b\u3000\u2029", "a b"],
    ["\ufeffa\ufeff", "\ufeffa\ufeff"],
    ["\u200ba", "\u200ba"],
    ["\u001c", "\u001c"],
    ["", ""],
    [" \t\n\u000b\f\r", ""],
  ])("%j is %j", (text, trimmed) => {
    expect(trim(text)).toBe(trimmed);
    expect(isBlank(text)).toBe(trimmed === "");
  });

  test("takes a megabyte of blanks in its stride", () => {
    const blanks = " ".repeat(1_000_000);
    expect(trim(`x${blanks}x${blanks}`)).toHaveLength(1_000_002);
  });

  test("words are parted by the same white space", () => {
    expect(splitWhitespace(" a\u0085b\ufeffc  d ")).toEqual(["a", "b\ufeffc", "d"]);
  });
});

describe("formatFixed", () => {
  test.each([
    [0.125, 2, "0.12"],
    [0.375, 2, "0.38"],
    [0.03125, 4, "0.0312"],
    [-0, 2, "-0.00"],
    [-0.001, 2, "-0.00"],
    [0.005, 2, "0.01"],
    [1.005, 2, "1.00"],
    [1e21, 4, "1000000000000000000000.0000"],
    [5e-324, 4, "0.0000"],
    [2.5, 2, "2.50"],
    [123456.78945, 4, "123456.7894"],
  ])("%d with %i decimals is %s", (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });
});

describe("debug form", () => {
  test.each([
    ["", '""'],
    ["a'b", '"a\'b"'],
    ['"\\', '"\\"\\\\"'],
    ["\0\t\n\r", '"\\0\\t\\n\\r"'],
    ["\u001b\u007f", '"\\u{1b}\\u{7f}"'],
    ["\u00a0\u200d\ufeff\ufe0f\u0301\u3000", '"\\u{a0}\\u{200d}\\u{feff}\\u{fe0f}\\u{301}\\u{3000}"'],
    ["é😀 ", '"é😀 "'],
    ["\u{e000}", '"\\u{e000}"'],
  ])("%j is %s", (text, debug) => {
    expect(debugString(text)).toBe(debug);
  });

  test("options and lists", () => {
    expect(debugOption(null, debugString)).toBe("None");
    expect(debugOption("a", debugString)).toBe('Some("a")');
    expect(debugList(["a", "b"])).toBe('["a", "b"]');
    expect(debugList([])).toBe("[]");
  });
});

describe("lengths", () => {
  test("are bytes and code points, not UTF-16 units", () => {
    expect(utf8Length("aé€😀")).toBe(10);
    expect(firstCodePoints("😀😀a", 2)).toBe("😀😀");
    expect(firstCodePoints("ab", 80)).toBe("ab");
  });
});

describe("RFC 3339", () => {
  test.each([
    ["2026-05-01T10:00:00Z", true],
    ["2026-05-01 10:00:00.5z", true],
    ["2026-05-01x10:00:00+23:59", true],
    ["2026-05-01é10:00:00Z", false],
    ["2026-05-01T10:00:00+24:00", false],
    ["2026-05-01T10:00:00+0100", false],
    ["2026-05-01T10:00:00", false],
    ["2026-05-01T10:00:00.Z", false],
    ["2026-02-29T10:00:00Z", false],
    ["2024-02-29T10:00:00Z", true],
    ["2026-13-01T10:00:00Z", false],
    ["2026-05-01T24:00:00Z", false],
    ["2026-06-30T23:59:60Z", true],
    ["2026-06-29T23:59:60Z", false],
    ["2026-07-01T01:59:60+02:00", true],
    ["2026-06-30T23:59:60+02:00", false],
    ["2026-05-01T10:00:00Z ", false],
    ["2026-05-01T10:00:00Z\n", false],
  ])("%j: %s", (text, valid) => {
    expect(isRfc3339(text)).toBe(valid);
  });
});

describe("the sidecar of a record", () => {
  test.each([
    ["a.json", "a-llm/llm_transcript.jsonl"],
    ["./a.json", "./a-llm/llm_transcript.jsonl"],
    ["././a.json", "./a-llm/llm_transcript.jsonl"],
    ["runs//a.json", "runs/a-llm/llm_transcript.jsonl"],
    ["runs/./a.json", "runs/a-llm/llm_transcript.jsonl"],
    ["runs/a.json/", "runs/a-llm/llm_transcript.jsonl"],
    ["runs/a.json/.", "runs/a-llm/llm_transcript.jsonl"],
    ["a/./b//c.json", "a/./b/c-llm/llm_transcript.jsonl"],
    ["a.b.json", "a.b-llm/llm_transcript.jsonl"],
    ["/a.json", "/a-llm/llm_transcript.jsonl"],
    ["//a.json", "/a-llm/llm_transcript.jsonl"],
    ["/.//a.json", "/a-llm/llm_transcript.jsonl"],
    ["../a.json", "../a-llm/llm_transcript.jsonl"],
    [".json", ".json-llm/llm_transcript.jsonl"],
    ["a.", "a-llm/llm_transcript.jsonl"],
    ["a", "a-llm/llm_transcript.jsonl"],
    ["", null],
    ["/", null],
    ["..", null],
    ["a/..", null],
    [".", null],
    ["./", null],
  ])("%j: %j", (path, sidecar) => {
    expect(llmTranscriptSidecarPath(path)).toBe(sidecar);
  });
});
