import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardMarkdown, escapeMarkdown } from "../../../src/view/cardMarkdown.ts";
import { childCard } from "../../../src/view/childCard.ts";
import type { ChildFacts } from "../../../src/view/childFacts.ts";

/** What a reader of the markdown sees: escapes and entities resolved. */
function shown(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

/** Record texts that try to be more than text. */
const HOSTILE: [string, string][] = [
  ["a script", "<script>alert(1)</script>"],
  ["the end of a script", "</script><img src=x onerror=alert(1)>"],
  ["a command link", "[click](command:workbench.action.quit)"],
  ["a script link", "[click](javascript:alert(1))"],
  ["a picture", "![x](http://example.org/x.png)"],
  ["an automatic link", "https://example.org/a_b"],
  ["a link in angle brackets", "<https://example.org>"],
  ["a bare domain", "www.example.org and me@example.org"],
  ["a reference", "[x][1] [1]: http://example.org"],
  ["code", "`code` ```js"],
  ["a table", "| a | b |"],
  ["an icon", "$(trash) $(sync~spin)"],
  ["a heading", "# big"],
  ["a list", "- a * b + c 1. d"],
  ["emphasis", "**bold** _it_ ~~gone~~"],
  ["entities", "&lt;b&gt; &#60;b&#62; &copy;"],
  ["backslashes", "\\[x\\](y) \\\\"],
  ["maths", "$x^2$"],
  ["a rule", "--- === ***"],
  ["quotes", "> said \"it\" 'so'"],
];

describe("escapeMarkdown", () => {
  it.each(HOSTILE)("shows %s as it is written", (_, text) => {
    const escaped = escapeMarkdown(text);
    expect(shown(escaped)).toBe(text);
    expect(escaped).not.toMatch(/[<>]|:\/\/|www\.|\w@\w/);
    // Nothing that begins a construct stands without its backslash.
    expect(escaped.replace(/\\./g, "")).not.toMatch(/[[\]()`*_!|~$]/);
    expect(escaped.replace(/\\./g, "")).not.toContain("command:");
  });

  it.each([
    ["line ends", "a\n\n# b\r\n- c", "a \\# b \\- c"],
    ["a direction override", "a\u202eb", "a\\\\u202eb"],
    ["a text of one word and a megabyte", "x".repeat(1 << 20), "x".repeat(399) + "…"],
  ])("flattens or cuts %s", (_, text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it("shows any line as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("ab 1\\`*_{}[]()#+-.!|~=<>&^\"':@/$;é😀")), maxLength: 60 }), (text) => {
        expect(shown(escapeMarkdown(text))).toBe(text.replace(/\s+/g, " ").trim());
      }),
    );
  });
});

describe("cardMarkdown", () => {
  const facts = (text: string): ChildFacts => ({
    workerId: text,
    workerName: text,
    status: text,
    task: text,
    parentStage: text,
    sessionId: text,
    mutationScope: text,
    approvalPolicy: text,
    startedAt: text,
    finishedAt: text,
    runId: text,
    runPath: text,
    snapshotPath: text,
    request: null,
  });

  it.each(HOSTILE)("holds nothing but text for %s", (_, text) => {
    const markdown = cardMarkdown(childCard(facts(text), { record: "absent", note: text }));
    expect(markdown).not.toMatch(/[<>]/);
    expect(markdown.replace(/\\./g, "")).not.toMatch(/[[\]()`!|$]/);
    for (const line of markdown.split("\n")) expect(line).toMatch(/^(?:|\*\*.*\*\* — .*|- [a-z ]+: .*|.*)$/);
  });

  it("has one line a field, times in UTC, and stays small", () => {
    const markdown = cardMarkdown(
      childCard({ ...facts("x".repeat(1 << 20)), startedAt: "1795359538", finishedAt: null }, { record: "present" }),
    );
    expect(markdown).toContain("- started: 2026\\-11\\-22 14&#58;58&#58;58 UTC");
    expect(markdown.length).toBeLessThan(9000);
  });
});
