import { createHash } from "node:crypto";
import * as fc from "fast-check";
import initSqlJs from "sql.js";
import { describe, expect, it } from "vitest";
import { applyWal, readCommittedWal, readDatabaseHeader, sameWalHeader, withWalMode } from "../../../src/eventlog/walOverlay.ts";
import { hasPython } from "./python.ts";
import { walCases } from "./walCases.ts";

const SQL = await initSqlJs();

const cases = walCases();

function hashOf(...files: Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("/");
  return hash.digest("hex");
}

/** What sql.js reads of an image; null when it refuses it. */
function rowsOf(image: Uint8Array): unknown {
  const db = new SQL.Database(image);
  try {
    if (db.exec("SELECT 1 FROM sqlite_master WHERE name = 't'").length === 0) return [];
    return db.exec("SELECT id, text FROM t ORDER BY id")[0]?.values ?? [];
  } catch {
    return null;
  } finally {
    db.close();
  }
}

describe.skipIf(!hasPython)("the overlay reads what SQLite reads", () => {
  it.each(cases)("$name", ({ main, wal, rows }) => {
    const before = hashOf(main, wal);
    expect(JSON.stringify(rowsOf(applyWal(main, wal))) === JSON.stringify(rows)).toBe(true);
    expect(hashOf(main, wal)).toBe(before);
  });

  it("also where the log does not begin on a word of memory", () => {
    const { main, wal, rows } = cases[0] ?? expect.fail("no case");
    const moved = new Uint8Array(wal.length + 3);
    moved.set(wal, 3);
    expect(rowsOf(applyWal(main, moved.subarray(3)))).toEqual(rows);
  });

  it("and says in the image that it needs no log, until told otherwise", () => {
    const { main, wal } = cases[0] ?? expect.fail("no case");
    expect(readDatabaseHeader(main)).toEqual({ pageBytes: 512, walMode: true });
    const image = applyWal(main, wal);
    expect(readDatabaseHeader(image)).toEqual({ pageBytes: 512, walMode: false });
    expect(readDatabaseHeader(withWalMode(image))).toEqual({ pageBytes: 512, walMode: true });
  });

  it("counts nothing as committed after the last commit", () => {
    const { wal } = cases[0] ?? expect.fail("no case");
    const whole = readCommittedWal(wal);
    const torn = readCommittedWal(wal.subarray(0, wal.length - 1));
    expect(whole?.pageCount).toBeGreaterThan(0);
    expect(torn?.pageCount ?? 0).toBeLessThan(whole?.pageCount ?? 0);
  });
});

describe("bytes that are no database", () => {
  it("are left as they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (main, wal) => {
        expect(applyWal(main, wal)).toEqual(main);
        expect(readDatabaseHeader(main)).toBeNull();
        expect(readCommittedWal(wal)).toBeNull();
      }),
    );
  });

  it.each([
    ["a page size of 0", 0, 0],
    ["a page size that is no power of two", 0x03, 0xe8],
    ["a page size below 512", 0x01, 0x00],
  ])("because of %s", (_, high, low) => {
    const bytes = new Uint8Array(512);
    bytes.set(Buffer.from("SQLite format 3\0"));
    bytes.set([high, low, 2, 2], 16);
    expect(readDatabaseHeader(bytes)).toBeNull();
    expect(withWalMode(bytes.slice())).toEqual(bytes);
  });

  it("have no page of 65536 bytes unless the header says 1", () => {
    const bytes = new Uint8Array(512);
    bytes.set(Buffer.from("SQLite format 3\0"));
    bytes.set([0, 1, 2, 2], 16);
    expect(readDatabaseHeader(bytes)).toEqual({ pageBytes: 65_536, walMode: true });
  });
});

describe("two heads of a log", () => {
  it("are the same only byte by byte; a log without a head is like another without one", () => {
    const head = Uint8Array.from({ length: 40 }, (_, at) => at);
    const other = head.slice();
    other[20] = 99;
    expect(sameWalHeader(head, head.slice())).toBe(true);
    expect(sameWalHeader(head, other)).toBe(false);
    expect(sameWalHeader(head, head.subarray(0, 31))).toBe(false);
    expect(sameWalHeader(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  });
});
