import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasPython } from "../eventlog/python.ts";
import { database, EVENTS } from "./sqliteDatabase.ts";
import { sqliteHosts } from "./sqliteReaders.ts";
import { testFolder } from "./testFolder.ts";

const row = (columns: Partial<Record<"id" | "kind" | "payload" | "headers" | "time", string>>): string =>
  `insert into events values ('hitl.questions', ${columns.id ?? "1"}, ${columns.kind ?? "'k'"}, ${columns.payload ?? "X'31'"}, ${columns.headers ?? "'{}'"}, ${columns.time ?? "5"})`;

const nested = (depth: number): string => `'${"[".repeat(depth)}${"]".repeat(depth)}'`;

describe.each(sqliteHosts)("$name", (host) => {
  const test = it.skipIf(!hasPython || !host.available);

  test.each([
    ["a payload of text", row({ payload: "'[1]'" }), "[1]"],
    ["a payload with space around it", row({ payload: "' null '" }), "null"],
    ["127 arrays in one another", row({ payload: nested(127) }), "[".repeat(127) + "]".repeat(127)],
    ["headers with a key twice", row({ headers: `'{"a":"1","a":"2"}'` }), "1"],
    ["a time before 1970", row({ time: "-5" }), "1"],
    ["the largest id", row({ id: "9223372036854775807" }), "1"],
  ])("reads %s", async (_, insert, payload) => {
    expect((await host.run({ path: database(EVENTS, insert) })).payloads).toEqual([payload]);
  });

  test.each([
    ["a payload that is an integer", row({ payload: "7" }), "event 1: the payload is an integer, not JSON"],
    ["a payload that is a real", row({ payload: "7.5" }), "event 1: the payload is a real, not JSON"],
    ["an empty payload", row({ payload: "X''" }), "event 1: the payload is not JSON the runtime reads: EOF while parsing a value"],
    ["a payload cut short", row({ payload: `'{oops'` }), "key must be a string at byte 2"],
    ["two values", row({ payload: "'1 2'" }), "trailing characters at byte 3"],
    ["a byte order mark", row({ payload: "X'EFBBBF31'" }), "a byte order mark"],
    ["bytes that are no UTF-8", row({ payload: "X'22ff22'" }), "invalid UTF-8 at byte 2"],
    ["128 arrays in one another", row({ payload: nested(128) }), "nested deeper than 127 levels"],
    ["half a surrogate pair", row({ payload: `'"\\ud800"'` }), "surrogate"],
    ["a number out of range", row({ payload: "'1e999'" }), "out of range"],
    ["a kind that is a blob", row({ kind: "X'6b'" }), "event 1: the kind is a blob, not text"],
    ["a kind that is no UTF-8", row({ kind: "CAST(X'ff' AS TEXT)" }), "event 1: the kind is not valid UTF-8"],
    ["headers that are a list", row({ headers: "'[1]'" }), "event 1: the headers are no object of strings: they are a list of 1"],
    ["a header that is a number", row({ headers: `'{"a":1}'` }), "event 1: the headers are no object of strings: “a” is a number"],
    ["headers that are a blob", row({ headers: "X'7b7d'" }), "event 1: the headers are a blob, not text"],
    ["a time that is text", row({ time: "'soon'" }), "event 1: the time is a text, not an integer"],
    ["an id that is text", row({ id: "'one'" }), "the event's id is a text, not an integer"],
  ])("refuses %s", async (_, insert, words) => {
    const { message } = await host.run({ path: database(EVENTS, insert) });
    expect(message).toMatch(/^event log row error: /);
    expect(message).toContain(words);
  });

  test.each(["UTF-16le", "UTF-16be"])("reads a database in %s", async (encoding) => {
    const path = database(
      `pragma encoding = '${encoding}'`,
      EVENTS,
      row({ payload: `'"ä🚀"'`, headers: `'{"ü":"🚀"}'` }),
      row({ id: "2", payload: "X'22c3a422'" }),
      "insert into events values ('z', 1, 'k', X'31', '{}', 5)",
    );
    const answer = await host.run({ path });
    expect(answer.payloads).toEqual(['"ä🚀"', '"ä"']);
    expect(answer.topics).toEqual({ ok: true, topics: ["hitl.questions", "z"] });
  });

  test("keeps a NUL inside a text", async () => {
    const { message } = await host.run({ path: database(EVENTS, row({ headers: `CAST(X'7b7d00' AS TEXT)` })) });
    expect(message).toContain("trailing characters at byte 3");
  });

  test("passes over ids of 0 and below", async () => {
    expect((await host.run({ path: database(EVENTS, row({ id: "-1" }), row({ id: "0" }), row({ id: "3" })) })).ids).toEqual(["3"]);
  });

  test("lists topics with and without the index of the primary key", async () => {
    const rows = ["b", "a", "b-1"].flatMap((topic) =>
      [1, 2].map((id) => `insert into events values ('${topic}', ${id}, 'k', X'31', '{}', 5)`),
    );
    for (const table of [EVENTS, `${EVENTS} without rowid`, EVENTS.replace(", primary key (topic, event_id)", "")]) {
      expect((await host.run({ path: database(table, ...rows) })).topics).toEqual({ ok: true, topics: ["a", "b", "b-1"] });
    }
  });

  test.each([
    ["no tables", [], "noTables"],
    ["only the table of heads", ["create table topic_heads (topic text primary key, last_id integer not null)"], "noTables"],
    ["another program's tables", ["create table moz_places (id integer)"], "foreign"],
  ])("finds no events in a database with %s", async (_, statements, schema) => {
    const path = database("create table x (a)", "drop table x", ...statements);
    expect(await host.run({ path })).toMatchObject({ ids: [], topics: { ok: true, topics: [] }, heads: [], found: { ok: true, schema } });
  });

  test.each([
    [
      "a view",
      ["create view events as with recursive n(i) as (select 1 union all select i + 1 from n) select i as event_id from n"],
      "not a plain table",
    ],
    ["other columns", ["create table events (a, b)"], "no such column"],
  ])("refuses events that are %s", async (_, statements, words) => {
    expect((await host.run({ path: database(...statements) })).message).toContain(words);
  });

  test.each([
    ["a text", "just a text, but a long one ".repeat(40)],
    ["a head without pages", Buffer.concat([Buffer.from("SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", "latin1"), Buffer.alloc(76)])],
    ["a few bytes", "SQLi"],
  ])("says that %s is no log", async (_, content) => {
    const folder = testFolder({ "events.sqlite": content });
    const answer = await host.run({ path: join(folder, "events.sqlite") });
    expect(answer.message ?? answer.ids).toEqual(expect.stringMatching(/could not be read as an event log: /));
  });

  test("says what a folder is, and a file that is cut off", async () => {
    const folder = testFolder({ "events.sqlite/": "" });
    expect((await host.run({ path: join(folder, "events.sqlite") })).message).toContain("is a folder");
    const path = database(
      EVENTS,
      ...Array.from({ length: 300 }, (_, at) => row({ id: String(at + 1), payload: `'"${"x".repeat(500)}"'` })),
    );
    const { truncateSync } = await import("node:fs");
    truncateSync(path, 20_000);
    expect((await host.run({ path })).message).toMatch(/malformed|corrupt|disk image/);
  });
});
