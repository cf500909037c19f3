import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { sqliteState, sqliteWay } from "../../../src/engine/ports/sqliteState.ts";
import { hasPython } from "../eventlog/python.ts";
import { openLog } from "./sqliteJob.ts";
import { SQL_WASM, sqliteHosts } from "./sqliteReaders.ts";
import { startWriter } from "./sqliteWriter.ts";
import { testFolder } from "./testFolder.ts";

/** Every file with its content, but for shared memory, in which readers note where they are. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [
        name,
        name.endsWith("-shm")
          ? ""
          : createHash("sha256")
              .update(readFileSync(join(folder, name)))
              .digest("hex"),
      ]),
  );
}

const stateOf = (path: string) => sqliteState(nodeFileSystem, path);

describe.each(sqliteHosts)("$name", (host) => {
  const test = it.skipIf(!hasPython || !host.available);

  test("sees rows that are only in the log of a living writer, and disturbs neither", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2, 9007199254740993n);
    expect(await stateOf(path)).toBe("live");
    const before = contentOf(folder);
    const answer = await host.run({ path });
    expect(answer.ids).toEqual(["1", "2", "9007199254740993"]);
    expect(answer.heads).toEqual(["hitl.questions 9007199254740993"]);
    expect(answer.found).toMatchObject({ state: "live", way: host.hasSqlite ? "readOnly" : "memory", schema: "log" });
    expect(contentOf(folder)).toEqual(before);
    await writer.insert(9223372036854775806n);
    expect((await host.run({ path })).ids?.at(-1)).toBe("9223372036854775806");
    await writer.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    expect((await host.run({ path })).ids).toHaveLength(4);
  });

  test("sees nothing of a transaction before its end, and does not keep it from ending", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    await writer.sql("BEGIN IMMEDIATE");
    await writer.insert(2, 3);
    await writer.sql("PRAGMA cache_size = 1");
    const before = contentOf(folder);
    expect((await host.run({ path })).ids).toEqual(["1"]);
    expect(contentOf(folder)).toEqual(before);
    await writer.sql("COMMIT");
    expect((await host.run({ path })).ids).toEqual(["1", "2", "3"]);
  });

  test("sees what a killed writer had committed, with its shared memory or without", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2);
    await writer.sql("BEGIN IMMEDIATE");
    await writer.insert(3);
    await writer.kill();
    expect(readdirSync(folder).sort()).toEqual(["events.sqlite", "events.sqlite-shm", "events.sqlite-wal"]);
    const before = contentOf(folder);
    expect((await host.run({ path })).ids).toEqual(["1", "2"]);
    expect(contentOf(folder)).toEqual(before);
    rmSync(`${path}-shm`);
    const alone = contentOf(folder);
    const answer = await host.run({ path });
    expect(answer.ids).toEqual(["1", "2"]);
    expect(answer.found).toMatchObject({ state: "left", way: "memory" });
    expect(contentOf(folder)).toEqual(alone);
  });

  test("reads a log in a folder that cannot be written from memory", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2);
    const before = contentOf(folder);
    const answer = await host.run({ path, readOnlyFolder: true });
    expect(answer.ids).toEqual(["1", "2"]);
    expect(answer.found).toMatchObject({ state: "left", way: "memory" });
    expect(contentOf(folder)).toEqual(before);
  });

  test.each([
    ["no log", (): void => undefined],
    ["an empty log", (path: string): void => writeFileSync(`${path}-wal`, "")],
  ])("reads a closed log with %s, and makes nothing beside it", async (_, change) => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1, 2);
    await writer.quit();
    change(path);
    const before = contentOf(folder);
    const answer = await host.run({ path });
    expect(answer.ids).toEqual(["1", "2"]);
    expect(answer.topics).toEqual({ ok: true, topics: ["hitl.questions"] });
    expect(answer.found).toMatchObject({ state: "closed", way: host.hasSqlite ? "immutable" : "memory" });
    expect(contentOf(folder)).toEqual(before);
  });

  test("finds no events where there is no file, or an empty one, and leaves a log beside it alone", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const none = await host.run({ path });
    expect(none).toMatchObject({ ids: [], found: { ok: true, state: "absent" }, topics: { ok: true, topics: [] } });
    expect(readdirSync(folder)).toEqual([]);
    const writer = await startWriter(path);
    await writer.insert(1);
    await writer.kill();
    truncateSync(path, 0);
    const before = contentOf(folder);
    expect(await host.run({ path })).toMatchObject({ ids: [], found: { ok: true, state: "empty" } });
    expect(contentOf(folder)).toEqual(before);
  });

  test("does not take the middle of a change without write-ahead log for the state of things", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path, "delete");
    await writer.insert(1);
    await writer.sql("BEGIN IMMEDIATE");
    await writer.insert(2);
    await writer.sql("UPDATE events SET kind = 'changed'");
    // The journal's head is written when the first changed page goes to the disk.
    await writer.sql("PRAGMA cache_size = 1");
    await writer.insert(...Array.from({ length: 400 }, (_, at) => at + 10));
    const before = contentOf(folder);
    expect(await stateOf(path)).toBe("journal");
    const answer = await host.run({ path });
    expect(answer.message).toContain("a rollback journal lies beside it");
    expect(contentOf(folder)).toEqual(before);
    await writer.sql("COMMIT");
    expect((await host.run({ path })).ids).toHaveLength(402);
  });

  test("reads through a link the log beside the file it leads to", async () => {
    const folder = testFolder({ "real/": "", "linked/": "" });
    const path = join(folder, "real", "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    symlinkSync(path, join(folder, "linked", "events.sqlite"));
    expect((await host.run({ path: join(folder, "linked", "events.sqlite") })).ids).toEqual(["1"]);
    expect(readdirSync(join(folder, "linked"))).toEqual(["events.sqlite"]);
  });

  test("says above which size it gives up", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const writer = await startWriter(path);
    await writer.insert(1);
    await writer.kill();
    rmSync(`${path}-shm`);
    const answer = await host.run({ path, memoryLimit: 4096 });
    expect(answer.message).toMatch(/more than the 1 MB that can be read into memory\. It needs a host with SQLite/);
  });
});

describe.skipIf(!hasPython)("a log that stays open", () => {
  it("notices what is written, checkpointed, closed and replaced", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const log = openLog({ path, wasm: SQL_WASM }, null);
    const ids = async (): Promise<string[]> => {
      const read = await log.readRange("hitl.questions", 0n, 100);
      if (!read.ok) throw new Error(read.message);
      return read.events.map(({ id }) => String(id));
    };
    expect(await ids()).toEqual([]);
    const writer = await startWriter(path);
    await writer.insert(1);
    expect(await ids()).toEqual(["1"]);
    await writer.insert(2);
    expect(await ids()).toEqual(["1", "2"]);
    await writer.sql("PRAGMA wal_checkpoint(RESTART)");
    await writer.insert(3);
    expect(await ids()).toEqual(["1", "2", "3"]);
    await writer.quit();
    expect(await ids()).toEqual(["1", "2", "3"]);
    const other = await startWriter(join(folder, "other.sqlite"));
    await other.insert(7);
    await other.quit();
    copyFileSync(join(folder, "other.sqlite"), path);
    expect(await ids()).toEqual(["7"]);
    await log.close();
  });

  it("takes a whole state while a writer writes without a pause", async () => {
    const folder = testFolder();
    const path = join(folder, "events.sqlite");
    const log = openLog({ path, wasm: SQL_WASM }, null);
    const writer = await startWriter(path);
    await writer.sql("PRAGMA wal_autocheckpoint = 3");
    let written = 0;
    const writing = (async () => {
      for (let n = 1; n <= 400; n += 2) {
        await writer.insert(n, n + 1);
        written = n + 1;
      }
    })();
    let last = 0;
    while (last < 400) {
      const least = written;
      const read = await log.readRange("hitl.questions", 0n, 1000);
      // Too busy is an honest answer; a gap, or less than was there before, is not.
      if (!read.ok) {
        expect(read.message).toContain("busily");
        continue;
      }
      expect(read.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: read.events.length }, (_, at) => at + 1));
      expect(read.events.length).toBeGreaterThanOrEqual(least);
      last = read.events.length;
    }
    await writing;
    await log.close();
  });
});

describe("the way each state is read", () => {
  it.each([
    ["absent", "none", "none"],
    ["empty", "none", "none"],
    ["closed", "immutable", "memory"],
    ["live", "readOnly", "memory"],
    ["left", "memory", "memory"],
    ["journal", "refused", "refused"],
  ] as const)("%s: %s with the host's SQLite, %s without", (state, withHost, without) => {
    expect([sqliteWay(state, true), sqliteWay(state, false)]).toEqual([withHost, without]);
  });
});
