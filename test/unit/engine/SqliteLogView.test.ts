import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasPython } from "../eventlog/python.ts";
import { database, EVENTS, HEADS } from "./sqliteDatabase.ts";
import type { PageAnswer, ViewStep } from "./sqliteJob.ts";
import { sqliteHosts } from "./sqliteReaders.ts";
import type { SqliteHost } from "./sqliteReaders.ts";
import { startWriter } from "./sqliteWriter.ts";
import { testFolder } from "./testFolder.ts";

const T = "hitl.questions";

const row = (id: string | number, cells: Partial<Record<"topic" | "kind" | "payload" | "headers" | "time", string>> = {}): string =>
  `insert into events values ('${cells.topic ?? T}', ${id}, ${cells.kind ?? "'k'"}, ${cells.payload ?? `X'31'`}, ${cells.headers ?? "'{}'"}, ${cells.time ?? "5"})`;
const rows = (...ids: number[]): string[] => ids.map((id) => row(id));
const head = (topic: string, id: string | number): string => `insert into topic_heads values ('${topic}', ${id})`;

/** A view that stays open from step to step. */
function viewOf(host: SqliteHost, path: string, options: { readonly memoryLimit?: number } = {}) {
  onTestFinished(() => void host.view({ path, steps: [["close"]] }));
  const step = async (...one: ViewStep): Promise<unknown> => (await host.view({ path, ...options, steps: [one] }))[0];
  return {
    step,
    read: async (limit = 100, topic = T) => (await step("read", topic, limit)) as PageAnswer,
    last: async (limit: number, topic = T) => (await step("last", topic, limit)) as PageAnswer,
  };
}

const page = (ids: string, rest: Partial<PageAnswer> = {}): unknown => ({
  ids,
  faults: [],
  done: true,
  startedOver: false,
  progress: expect.any(String) as string,
  ...rest,
});

describe.each(sqliteHosts)("$name", (host) => {
  const test = it.skipIf(!hasPython || !host.available);

  test("lists topics by their heads, and those that have none", async () => {
    const path = database(
      HEADS,
      EVENTS,
      head("b", 7),
      head("compacted", 9),
      row(7, { topic: "b" }),
      row(3, { topic: "a" }),
      row(4, { topic: "a" }),
    );
    expect(await viewOf(host, path).step("topics")).toEqual(["a 4", "b 7", "compacted 9"]);
  });

  test.each([
    ["without a table of heads", []],
    ["with heads of other columns", ["create table topic_heads (a, b)"]],
  ])("lists topics %s", async (_what, statements) => {
    const path = database(EVENTS, ...statements, row(1, { topic: "z" }), row(9, { topic: "z" }), row(1, { topic: "Z" }));
    expect(await viewOf(host, path).step("topics")).toEqual(["Z 1", "z 9"]);
  });

  test("lists topics with faults beside the others", async () => {
    const path = database(
      HEADS,
      EVENTS,
      head("a b", 1),
      head("good", 2),
      head("odd", "'x'"),
      "insert into topic_heads values (X'ff', 3)",
      row(1, { topic: "a b" }),
      row(6, { topic: "odd" }),
    );
    expect(await viewOf(host, path).step("topics")).toEqual([
      "a b 1 “a b” is no name that a runtime gives a topic.",
      "good 2",
      "odd 6",
      expect.stringMatching(/^\S+ 3 A topic's name is no text/),
    ]);
  });

  test("reads by pages, and goes on from the end", async () => {
    const path = database(HEADS, EVENTS, head(T, 5), ...rows(1, 2, 3, 4, 5));
    const view = viewOf(host, path);
    expect([await view.read(2), await view.read(2), await view.read(2), await view.read(2)]).toEqual([
      page("1,2", { done: false, progress: "2/5" }),
      page("3,4", { done: false, progress: "4/5" }),
      page("5", { progress: "5/5" }),
      page("", { progress: "5/5" }),
    ]);
  });

  test("passes bad rows over and tells each", async () => {
    const path = database(
      EVENTS,
      row(1),
      row(2, { payload: "7" }),
      row(3, { payload: "'{oops'" }),
      row(4, { kind: "X'6b'" }),
      row(5, { headers: "'[1]'" }),
      row(6, { time: "'soon'" }),
      row(7),
    );
    const view = viewOf(host, path);
    expect(await view.read()).toEqual(
      page("1,7", {
        faults: [
          "2: event 2: the payload is an integer, not JSON",
          "3: event 3: the payload is not JSON the runtime reads: key must be a string at byte 2",
          "4: event 4: the kind is a blob, not text",
          "5: event 5: the headers are no object of strings: they are a list of 1",
          "6: event 6: the time is a text, not an integer",
        ],
      }),
    );
    expect(await view.last(3)).toEqual(page("7", { faults: [expect.stringMatching(/^5: /), expect.stringMatching(/^6: /)] as string[] }));
    expect([await view.step("one", T, "7"), await view.step("one", T, "8")]).toEqual(["1", null]);
    expect(await view.step("one", T, "2")).toBe("! event 2: the payload is an integer, not JSON");
    expect(await view.step("one", T, "18446744073709551615")).toBeNull();
  });

  test("counts faults as it counts events, and gets past a page of nothing else", async () => {
    const path = database(EVENTS, row(1, { payload: "7" }), row(2, { payload: "7" }), row(3));
    const view = viewOf(host, path);
    expect([(await view.read(1)).faults.length, (await view.read(1)).faults.length, (await view.read(1)).ids]).toEqual([1, 1, "3"]);
  });

  test("tells of ids that are no integers, once", async () => {
    const path = database(EVENTS, ...rows(1, 2), row("'one'"), row("X'00'"), row("1.5"));
    const view = viewOf(host, path);
    const fault = (type: string) => `-: the event's id is a ${type}, not an integer`;
    expect(await view.read()).toEqual(page("1,2", { faults: [fault("real"), fault("text"), fault("blob")] }));
    expect(await view.read()).toEqual(page(""));
    expect((await view.last(1)).ids).toBe("2");
  });

  test("ends a page after some megabytes, and reads rows that are larger alone", async () => {
    const megabytes = (count: number): string => `'"' || hex(zeroblob(${count * 500_000})) || '"'`;
    const path = database(EVENTS, ...[3, 3, 3, 12, 1].map((count, at) => row(at + 1, { payload: megabytes(count) })));
    const view = viewOf(host, path);
    expect([await view.read(), await view.read(), await view.read()]).toEqual([
      page("1,2", { done: false }),
      page("3,4", { done: false }),
      page("5"),
    ]);
    expect((await view.last(9)).ids).toBe("4,5");
  });

  test("does not load a payload of more than 64 MB", async () => {
    const path = database(EVENTS, row(1), row(2, { payload: "zeroblob(67108865)" }), row(3));
    expect(await viewOf(host, path).read()).toEqual(
      page("1,3", { faults: ["2: event 2: it has more than the 64 MB that are read of one"] }),
    );
  });

  test("reads a schema of a later version, with columns and tables of its own", async () => {
    const path = database(
      EVENTS.replace("kind text", "tenant text default 'x', kind text"),
      "create table later (a)",
      `insert into events (topic, event_id, kind, payload, headers, occurred_at_ms) values ('${T}', 1, 'k', '[2]', '{}', 5)`,
    );
    const view = viewOf(host, path);
    expect((await view.read()).ids).toBe("1");
    expect(await view.step("one", T, "1")).toBe("[2]");
  });

  test("finds what a living writer appends, and leaves nothing behind", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const view = viewOf(host, path);
    expect([await view.read(), await view.step("topics"), await view.step("mark", T)]).toEqual([page(""), [], "-"]);
    const writer = await startWriter(path);
    await writer.insert(1);
    expect(await view.read()).toEqual(page("1"));
    await writer.insert(2, 3);
    expect(await view.read()).toEqual(page("2,3"));
    expect(await view.read()).toEqual(page(""));
    const beside = readdirSync(folder);
    await writer.quit();
    expect(readdirSync(folder)).toEqual(["events.sqlite"]);
    expect(beside).toEqual(["events.sqlite", "events.sqlite-shm", "events.sqlite-wal"]);
    expect(await view.read()).toEqual(page(""));
    expect((await view.last(2)).ids).toBe("2,3");
    await view.step("close");
    expect(readdirSync(folder)).toEqual(["events.sqlite"]);
  });

  test("goes on after events before its place were compacted away", async () => {
    const path = join(testFolder(), "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2, 3);
    const view = viewOf(host, path);
    expect((await view.read(2)).ids).toBe("1,2");
    await writer.sql("DELETE FROM events WHERE event_id <= 2");
    expect(await view.read()).toEqual(page("3"));
    await writer.sql("DELETE FROM events");
    await writer.insert(4);
    expect(await view.read()).toEqual(page("4"));
  });

  test.each<[string, (path: string, other: string) => void, string]>([
    ["replaced by another", (path, other) => renameSync(other, path), "1,2,3,4"],
    ["overwritten by another", (path, other) => copyFileSync(other, path), "1,2,3,4"],
    ["removed", (path) => rmSync(path), ""],
    ["emptied", (path) => truncateSync(path), ""],
  ])("starts over when the database was %s", async (_what, change, expected) => {
    const path = database(HEADS, EVENTS, head(T, 3), ...rows(1, 2, 3));
    const other = database(HEADS, EVENTS, head(T, 4), ...[1, 2, 3, 4].map((id) => row(id, { time: "6" })));
    const view = viewOf(host, path);
    expect((await view.read()).ids).toBe("1,2,3");
    change(path, other);
    expect(await view.read()).toEqual(page(expected, { startedOver: true }));
    expect(await view.read()).toEqual(page(""));
    expect(readdirSync(dirname(path)).filter((name) => name !== "events.sqlite")).toEqual([]);
  });

  test("starts over when a topic begins anew", async () => {
    const path = join(testFolder(), "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2, 3);
    const view = viewOf(host, path);
    await view.read();
    await writer.sql("DELETE FROM events");
    await writer.sql("DELETE FROM topic_heads");
    await writer.insert(1);
    expect(await view.read()).toEqual(page("1", { startedOver: true }));
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ["cut off", (path) => truncateSync(path, 20_000), /is damaged, or was cut off while it was written \(SQLite: .*mend the copy/],
    [
      "another program's",
      (path) => copyFileSync(database("create table moz_places (id integer)"), path),
      /is a database of another program/,
    ],
    ["of other columns", (path) => copyFileSync(database("create table events (a, b)"), path), /not with an event log's columns/],
    ["no database", (path) => writeFileSync(path, "just a text, but a long one ".repeat(40)), /is no SQLite database/],
  ])("says what is wrong with a file that is %s now, and leaves it as it is", async (_what, change, words) => {
    const path = database(EVENTS, ...Array.from({ length: 300 }, (_, at) => row(at + 1, { payload: `'"${"x".repeat(500)}"'` })));
    const view = viewOf(host, path);
    await view.read(10);
    change(path);
    const before = statSync(path);
    for (const step of [["topics"], ["read", T, 1000], ["last", T, 1000]] as const) {
      expect(await view.step(...step)).toMatch(words);
    }
    expect(await view.step("mark", T)).toMatch(/^\? /);
    expect([statSync(path).mtimeMs, statSync(path).size]).toEqual([before.mtimeMs, before.size]);
    expect(readdirSync(dirname(path))).toEqual(["events.sqlite"]);
  });

  test("marks topics one by one, and the whole", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    const view = viewOf(host, path);
    const marks = async () => [await view.step("mark", T), await view.step("mark", "other"), await view.step("markOfAll")];
    const first = await marks();
    expect(await marks()).toEqual(first);
    await writer.sql(row(1, { topic: "other" }));
    const second = await marks();
    expect([second[0] === first[0], second[1] === first[1], second[2] === first[2]]).toEqual([true, false, false]);
    await writer.insert(2);
    const third = await marks();
    expect([third[0] === second[0], third[1] === second[1], third[2] === second[2]]).toEqual([false, true, false]);
  });

  test("reads a log its writer locks from memory, or says that it is tried again", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    await writer.sql("PRAGMA locking_mode = EXCLUSIVE");
    await writer.insert(2);
    const view = viewOf(host, path);
    const answer = await view.step("read", T, 9);
    expect(answer).toEqual(host.hasSqlite ? `! “${path}” is locked by another program; it is tried again.` : page("1,2"));
    await writer.sql("PRAGMA locking_mode = NORMAL");
    await writer.sql("SELECT 1 FROM events");
    const beside = readdirSync(folder);
    expect(host.hasSqlite ? (await view.read()).ids : (await view.last(2)).ids).toBe("1,2");
    expect(readdirSync(folder)).toEqual(beside);
  });

  test("says which size is too large for memory, and what helps", async () => {
    const path = join(testFolder(), "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    await writer.kill();
    rmSync(`${path}-shm`);
    const view = viewOf(host, path, { memoryLimit: 4096 });
    for (const step of [["topics"], ["read", T, 1]] as const) {
      expect(await view.step(...step)).toMatch(/has 1 MB, more than the 1 MB that can be read into memory\. It needs a host with SQLite/);
    }
    expect(existsSync(`${path}-shm`)).toBe(false);
  });
});
