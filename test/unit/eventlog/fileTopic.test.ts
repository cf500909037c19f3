import { describe, expect, it } from "vitest";
import { encodeTopicLine, readFileTopic, viewFileTopic } from "../../../src/eventlog/fileTopic.ts";
import { sliceText } from "../../../src/json/cursor.ts";
import { line, textOf, utf8 } from "./support.ts";

const ids = (text: string | Uint8Array): string => {
  const read = readFileTopic(typeof text === "string" ? utf8(text) : text);
  return read.ok ? read.events.map(({ id }) => id).join() : read.message;
};

describe("reading as the runtime does", () => {
  it.each([
    ["nothing", "", ""],
    ["one line", line({ id: 7 }), "7"],
    ["blank lines", `\n \t\f\r\n${line({ id: 1 })}\n`, "1"],
    ["carriage returns", line({ id: 1 }).replace("\n", "\r\n"), "1"],
    ["ids in any order, and twice", line({ id: 9 }) + line({ id: 3 }) + line({ id: 9 }), "9,3,9"],
    ["a whole last line without its end", line({ id: 1 }) + line({ id: 2 }).trimEnd(), "1,2"],
    ["a last line that is cut off", `${line({ id: 1 })}{"id":2,"ev`, "1"],
    ["keys in any order, and unknown ones", '{"x":1,"event":{"occurred_at_ms":1,"payload":null,"kind":"k","y":{}},"id":4}\n', "4"],
    ["lists in place of objects", '[1,["k",null,{},0]]\n', "1"],
  ])("accepts %s", (_what, text, expected) => expect(ids(text)).toBe(expected));

  it.each([
    ["no JSON", "{oops\n", "line 2"],
    ["two values", `${line({}).trimEnd()} ${line({})}`, "line 2"],
    ["a byte order mark", `\ufeff${line({})}`, "line 2"],
    ["a vertical tab alone", "\v\n", "line 2"],
    ["a no-break space alone", "\u00a0\n", "line 2"],
    ["no payload", '{"id":1,"event":{"kind":"k","occurred_at_ms":0}}\n', 'event: the key "payload" is missing'],
    ["headers that are null", '{"id":1,"event":{"kind":"k","payload":1,"headers":null,"occurred_at_ms":0}}\n', "event.headers"],
    ["a header that is no string", '{"id":1,"event":{"kind":"k","payload":1,"headers":{"a":1},"occurred_at_ms":0}}\n', "event.headers.a"],
    ["an id that is a string", '{"id":"1","event":{"kind":"k","payload":1,"occurred_at_ms":0}}\n', "id: expected u64"],
    ["an id below 0", '{"id":-1,"event":{"kind":"k","payload":1,"occurred_at_ms":0}}\n', "does not fit u64"],
    ["the id twice", '{"id":1,"id":1,"event":{"kind":"k","payload":1,"occurred_at_ms":0}}\n', "a second time"],
  ])("fails the whole topic at a complete line with %s", (_what, bad, expected) => {
    const message = ids(line({ id: 1 }) + bad + line({ id: 2 }));
    expect(message).toMatch(/^event log parse error: line 2: /);
    expect(message).toContain(expected);
  });

  it("fails at bytes that are no UTF-8", () => {
    expect(ids(new Uint8Array([...utf8(line({})), 0xff, 0x0a]))).toBe("event log parse error: line 2: invalid UTF-8 at byte 1");
  });

  it("takes 127 levels and refuses the 128th", () => {
    const nested = (levels: number): string =>
      `{"id":1,"event":{"kind":"k","payload":${"[".repeat(levels)}${"]".repeat(levels)},"occurred_at_ms":0}}\n`;
    expect(ids(nested(125))).toBe("1");
    expect(ids(nested(126))).toContain("nested deeper");
  });

  it("keeps ids, times and payloads exact", () => {
    const text =
      '{"id":18446744073709551615,"event":{"kind":"k","payload":{"n":1.0},"headers":{"h":"v"},"occurred_at_ms":-9223372036854775808}}';
    const read = readFileTopic(utf8(text));
    expect(read.ok && read.events.map((event) => ({ ...event, payload: sliceText(event.payload.tape, event.payload.node) }))).toEqual([
      { id: 18446744073709551615n, kind: "k", payload: '{"n":1.0}', headers: new Map([["h", "v"]]), occurredAtMs: -9223372036854775808n },
    ]);
  });
});

describe("reading for viewing", () => {
  it("gives what is readable, names the bad lines and where a line is still being written", () => {
    const good = line({ id: 1 });
    const content = viewFileTopic(utf8(`${good}\n{oops\n${line({ id: 2 })}{"id":3`));
    expect(content.events.map(({ id }) => id)).toEqual([1n, 2n]);
    expect(content.faults).toEqual([
      { start: good.length + 1, end: good.length + 7, complete: true, line: 3, message: expect.stringContaining("at byte 2") as string },
    ]);
    expect(content.torn).toMatchObject({ line: 5, complete: false });
  });

  it("has nothing torn in a file that ends well", () => {
    expect(viewFileTopic(utf8(line({})))).toMatchObject({ faults: [], torn: null });
  });
});

it("writes a line as the runtime does, and reads it back", () => {
  const event = {
    id: 1n,
    kind: "k",
    payload: utf8('{"a":1.0}'),
    headers: new Map([
      ["z", "1"],
      ["a", "é\n"],
    ]),
    occurredAtMs: 5n,
  };
  const text = textOf(encodeTopicLine(event));
  expect(text).toBe('{"id":1,"event":{"kind":"k","payload":{"a":1.0},"headers":{"a":"é\\n","z":"1"},"occurred_at_ms":5}}\n');
  expect(ids(text)).toBe("1");
});
