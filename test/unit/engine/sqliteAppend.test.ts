import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyChain } from "../../../src/eventlog/provenance.ts";
import { readDatabaseHeader } from "../../../src/eventlog/walOverlay.ts";
import { hasPython, runPython } from "../eventlog/python.ts";
import { openLog } from "./sqliteJob.ts";
import { SQL_WASM, sqliteHosts } from "./sqliteReaders.ts";
import { startWriter } from "./sqliteWriter.ts";
import { testFolder } from "./testFolder.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What another SQLite reads: the rows, their types, the heads, the journal mode and the tables. */
function askPython(path: string): unknown {
  return runPython(
    String.raw`
import json, sqlite3, sys
db = sqlite3.connect(json.load(sys.stdin))
print(json.dumps({
  "rows": db.execute("select topic, event_id, kind, typeof(payload), cast(payload as text), typeof(headers), occurred_at_ms from events order by event_id").fetchall(),
  "heads": db.execute("select * from topic_heads order by topic").fetchall(),
  "mode": db.execute("pragma journal_mode").fetchone()[0],
  "check": db.execute("pragma integrity_check").fetchone()[0],
  "tables": [r[0] for r in db.execute("select name from sqlite_master where type='table' order by name")],
}))
`,
    path,
  );
}

async function chainOf(path: string, topic: string): Promise<string[]> {
  const log = openLog({ path, wasm: SQL_WASM }, null);
  const read = await log.readRange(topic, 0n, 100);
  await log.close();
  if (!read.ok) throw new Error(read.message);
  return verifyChain(topic, read.events, sha256).map(({ state }) => state);
}

describe.each(sqliteHosts)("appending by $name", (host) => {
  const test = it.skipIf(!hasPython || !host.available);

  test("makes the log, gives ids and ties the events together", async () => {
    const folder = testFolder();
    const path = join(folder, "state", "events.sqlite");
    const answer = await host.run({ path, append: ['{"a":1.0}', '{"ß":"é"}'], topic: "t.1" });
    expect(answer.appended).toEqual(["1", "2"]);
    expect(answer.payloads).toEqual(['{"a":1.0}', '{"ß":"é"}']);
    expect(readdirSync(join(folder, "state"))).toEqual(["events.sqlite"]);
    expect(readDatabaseHeader(readFileSync(path))?.walMode).toBe(true);
    expect(await chainOf(path, "t.1")).toEqual(["start", "linked"]);
    expect(askPython(path)).toEqual({
      rows: [
        ["t.1", 1, "k", "blob", '{"a":1.0}', "text", 1_750_000_000_123],
        ["t.1", 2, "k", "blob", '{"ß":"é"}', "text", 1_750_000_000_123],
      ],
      heads: [["t.1", 2]],
      mode: "wal",
      check: "ok",
      tables: ["consumers", "event_idempotency_keys", "events", "topic_heads"],
    });
  });

  test("goes on from the topic's head, also where its events are compacted away", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2);
    await writer.sql("INSERT INTO topic_heads VALUES ('t', 41)");
    await writer.quit();
    expect((await host.run({ path, append: ["1"] })).appended).toEqual(["3"]);
    expect(await chainOf(path, "hitl.questions")).toEqual(["unsigned", "unsigned", "linked"]);
    expect((await host.run({ path, append: ["1"], topic: "t" })).appended).toEqual(["42"]);
    expect(await chainOf(path, "t")).toEqual(["start"]);
  });

  test.each([
    ["a head that cannot be counted on", "INSERT INTO topic_heads VALUES ('t', 9223372036854775807)"],
    ["a head behind its events", "INSERT INTO events VALUES ('t', 1, 'k', 'null', '{}', 5)"],
    ["an event before it that cannot be read", "INSERT INTO topic_heads SELECT 't', 1 UNION SELECT 'u', last_id FROM topic_heads"],
  ])("stores nothing after %s", async (_, sql) => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.sql(sql);
    if (sql.includes("'u'")) await writer.sql("INSERT INTO events VALUES ('t', 1, 'k', X'7b', '{}', 5)");
    await writer.quit();
    const before = (askPython(path) as { rows: unknown }).rows;
    const [said] = (await host.run({ path, append: ["1"], topic: "t" })).appended;
    expect(said).toMatch(/could not be written as an event log/);
    expect((askPython(path) as { rows: unknown }).rows).toEqual(before);
  });

  test("refuses the database of another program, a text and a topic that cannot be", async () => {
    const folder = testFolder({ "text.sqlite": "no database at all ".repeat(100) });
    const foreign = join(folder, "foreign.sqlite");
    runPython(
      "import sqlite3, sys, json; db = sqlite3.connect(json.load(sys.stdin)); db.execute('create table moz (a)'); print(1)",
      foreign,
    );
    for (const path of [foreign, join(folder, "text.sqlite")]) {
      const before = readFileSync(path);
      const answer = await host.run({ path, append: ["1"] });
      expect(answer.appended[0]).toMatch(/database of another program|not a database/);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
    expect((await host.run({ path: join(folder, "new.sqlite"), append: ["1"], topic: "a/b" })).appended).toEqual([
      "topic 'a/b' contains unsupported characters",
    ]);
    expect(readdirSync(folder).sort()).toEqual(["foreign.sqlite", "text.sqlite"]);
  });
});

describe.skipIf(!hasPython)("appending beside another program", () => {
  const [memory, own] = sqliteHosts;

  it("is refused without a SQLite that knows locks", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    const answer = await memory!.run({ path, append: ["1"] });
    expect(answer.appended[0]).toMatch(/Another program has .*events\.sqlite-wal.* lies beside it.*Nothing was written/);
    expect(answer.ids).toEqual(["1"]);
  });

  it("is refused where a log lies without its main file", async () => {
    const folder = testFolder({ "events.sqlite-wal": "left" });
    const answer = await memory!.run({ path: join(folder, "events.sqlite"), append: ["1"] });
    expect(answer.appended[0]).toMatch(/Nothing was written/);
    expect(readdirSync(folder)).toEqual(["events.sqlite-wal"]);
  });

  it("is given up when the log is opened or changed between reading and replacing", async () => {
    for (const change of ["open", "write"] as const) {
      const folder = testFolder();
      const path = join(folder, "events.sqlite");
      const writer = await startWriter(path);
      await writer.insert(1);
      await writer.quit();
      const before = readFileSync(path);
      const log = openLog({ path, wasm: SQL_WASM }, null, () => writeFileSync(change === "open" ? `${path}-wal` : path, "now"));
      const done = await log.append("t", { kind: "k", payload: Buffer.from("1"), headers: new Map() });
      expect(done).toMatchObject({ ok: false });
      expect(readFileSync(path).equals(before)).toBe(change === "open");
      expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    }
  });

  it.skipIf(own?.available !== true)("works with the host's SQLite, which waits its turn", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    expect((await own!.run({ path, append: ["1"] })).appended).toEqual(["2"]);
    await writer.sql("BEGIN IMMEDIATE");
    const locked = await own!.run({ path, append: ["1"] });
    expect(locked.appended[0]).toMatch(/database is locked/);
    expect(locked.ids).toEqual(["1", "2"]);
    await writer.sql("COMMIT");
    await writer.insert(3);
    expect((await own!.run({ path, append: ["1"] })).appended).toEqual(["4"]);
  });
});

describe("two appends at once", () => {
  it("follow one another", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "x"));
    const path = join(folder, "x", "events.sqlite");
    const log = openLog({ path, wasm: SQL_WASM }, null);
    const event = { kind: "k", payload: Buffer.from("null"), headers: new Map<string, string>() };
    const done = await Promise.all([1, 2, 3].map(() => log.append("t", event)));
    expect(done).toEqual([1n, 2n, 3n].map((id) => ({ ok: true, id })));
    await log.close();
    expect(await chainOf(path, "t")).toEqual(["start", "linked", "linked"]);
    rmSync(folder, { recursive: true });
  });
});
