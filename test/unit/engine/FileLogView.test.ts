import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { FileLogView } from "../../../src/engine/ports/FileLogView.ts";
import type { FileSystem } from "../../../src/engine/ports/FileSystem.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import type { TopicCursor, TopicPage } from "../../../src/eventlog/LogView.ts";
import { sliceText } from "../../../src/json/cursor.ts";
import { line, sha256, utf8 } from "../eventlog/support.ts";
import { fsError, watchedFileSystem } from "./faultyFileSystem.ts";
import { testFolder } from "./testFolder.ts";

const lines = (...ids: number[]): string => ids.map((id) => line({ id })).join("");

/** A log of one topic, `t`. */
function logOf(text: string | Uint8Array, fs: FileSystem = nodeFileSystem) {
  const folder = testFolder({ "topics/t.jsonl": text });
  const view = new FileLogView(folder, { fs, nowMs: () => 5n, sha256 });
  onTestFinished(() => view.close());
  const path = join(folder, "topics", "t.jsonl");
  return { folder, view, path, append: (more: string) => appendFileSync(path, more) };
}

async function page(view: FileLogView, cursor: TopicCursor | null = null, limit = 100, topic = "t"): Promise<TopicPage> {
  const read = await view.read(topic, cursor, limit);
  if (!read.ok) throw new Error(read.message);
  return read;
}

async function last(view: FileLogView, limit: number): Promise<TopicPage> {
  const read = await view.readLast("t", limit);
  if (!read.ok) throw new Error(read.message);
  return read;
}

const ids = ({ events }: TopicPage): string => events.map(({ id }) => id).join();

describe("topics", () => {
  it("are known at once: names, sizes, last ids", async () => {
    const folder = testFolder({
      "topics/b.jsonl": lines(1, 2, 7),
      "topics/B.jsonl": "",
      "topics/a.b.jsonl": lines(9, 3).trimEnd(),
      "topics/bad.jsonl": `${lines(1)}x\n{"id":`,
      "topics/torn.jsonl": `${lines(1)}{"id":`,
      "topics/x.json": "{}",
      "topics/.jsonl": "",
    });
    const view = new FileLogView(folder, { fs: nodeFileSystem, nowMs: () => 5n, sha256 });
    const listed = await view.topics();
    const size = (name: string) => statSync(join(folder, "topics", name)).size;
    expect(listed).toEqual({
      ok: true,
      topics: [
        { topic: "B", fault: null, lastId: 0n, bytes: 0 },
        { topic: "a.b", fault: null, lastId: 3n, bytes: size("a.b.jsonl") },
        { topic: "b", fault: null, lastId: 7n, bytes: size("b.jsonl") },
        { topic: "bad", fault: null, lastId: null, bytes: size("bad.jsonl") },
        { topic: "torn", fault: null, lastId: 1n, bytes: size("torn.jsonl") },
      ],
    });
  });

  it("tell of files that are none, and list the others", async () => {
    const { folder, view } = logOf(lines(1));
    mkdirSync(join(folder, "topics", "folder.jsonl"));
    writeFileSync(join(folder, "topics", "a b.jsonl"), "");
    symlinkSync(join(folder, "nowhere"), join(folder, "topics", "gone.jsonl"));
    expect(spawnSync("mkfifo", [join(folder, "topics", "pipe.jsonl")]).status).toBe(0);
    const listed = await view.topics();
    expect(listed.ok && listed.topics.map(({ topic, fault }) => [topic, fault])).toEqual([
      ["a b", "“a b.jsonl” names no topic: as long as it is there, the runtime cannot list the topics of this log."],
      ["folder", expect.stringMatching(/is a folder, not a file/)],
      ["gone", expect.stringMatching(/leads nowhere/)],
      ["pipe", expect.stringMatching(/is no regular file/)],
      ["t", null],
    ]);
  });

  it("are none where there is no folder, and not where it cannot be listed", async () => {
    const folder = testFolder();
    const view = new FileLogView(folder, { fs: nodeFileSystem, nowMs: () => 5n, sha256 });
    expect(await view.topics()).toEqual({ ok: true, topics: [] });
    expect(await page(view)).toMatchObject({ events: [], done: true, startedOver: false });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, "topics"), "");
    expect(await view.topics()).toMatchObject({ ok: false, message: expect.stringContaining("a part of its path is a file") as string });
  });

  it("are read from the files' ends only, and not again when nothing changed", async () => {
    let bytes = 0;
    const counted: FileSystem = {
      ...nodeFileSystem,
      async openToRead(path) {
        const file = await nodeFileSystem.openToRead(path);
        return {
          ...file,
          async read(target, position) {
            const got = await file.read(target, position);
            bytes += got;
            return got;
          },
        };
      },
    };
    const { view, append } = logOf(lines(...Array.from({ length: 5000 }, (_, at) => at + 1)), counted);
    expect(await view.topics()).toMatchObject({ topics: [{ lastId: 5000n }] });
    expect(bytes).toBeLessThanOrEqual(4096);
    bytes = 0;
    await view.topics();
    expect(bytes).toBe(0);
    append(lines(5001));
    expect(await view.topics()).toMatchObject({ topics: [{ lastId: 5001n }] });
  });
});

describe("links", () => {
  it("that lead out of the folder are not followed, by either way of reading", async () => {
    const outside = testFolder({ "secret.jsonl": lines(1), "empty.jsonl": "" });
    const { folder, view } = logOf(lines(1));
    for (const name of ["secret", "empty", "absent"]) symlinkSync(join(outside, `${name}.jsonl`), join(folder, "topics", `${name}.jsonl`));
    const listed = await view.topics();
    expect(listed.ok && listed.topics.map(({ topic, fault }) => [topic, fault?.includes("out of the log's folder") ?? false])).toEqual([
      ["absent", false],
      ["empty", true],
      ["secret", true],
      ["t", false],
    ]);
    const refusal = { ok: false, message: expect.stringContaining("link out of the log's folder") as string };
    expect(await view.read("secret", null, 1)).toMatchObject(refusal);
    expect(await view.readLast("secret", 1)).toMatchObject(refusal);
    await expect(view.readOne("secret", 1n, 0)).rejects.toThrow("link out of the log's folder");
    expect(await view.log.readRange("secret", 0n, 1)).toMatchObject(refusal);
    const event = { kind: "k", payload: utf8("{}"), headers: new Map<string, string>() };
    expect(await view.log.append("empty", event)).toMatchObject({ ok: false });
    expect(await view.log.append("absent", event)).toMatchObject({ ok: false });
    expect(statSync(join(outside, "empty.jsonl")).size).toBe(0);
    expect(readdirSync(outside)).toHaveLength(2);
  });

  it("within the folder are followed", async () => {
    const { folder, view } = logOf(lines(1, 2));
    symlinkSync("t.jsonl", join(folder, "topics", "u.jsonl"));
    expect(ids(await page(view, null, 9, "u"))).toBe("1,2");
  });
});

describe("read", () => {
  it("goes through a topic by pages", async () => {
    const { view } = logOf(lines(1, 2, 3, 4, 5));
    const first = await page(view, null, 2);
    const second = await page(view, first.next, 2);
    const third = await page(view, second.next, 2);
    expect([first, second, third].map((one) => [ids(one), one.done, one.next.line])).toEqual([
      ["1,2", false, 3],
      ["3,4", false, 5],
      ["5", true, 6],
    ]);
    expect(third.progress.done).toBe(third.progress.total);
    expect(await page(view, third.next)).toMatchObject({ events: [], done: true, startedOver: false, next: { id: 5n } });
  });

  it("names the lines that hold no event, and passes them over", async () => {
    const bad = [
      utf8(`${lines(1)}\n{oops\n`),
      Uint8Array.of(0x22, 0xff, 0x22, 0x0a),
      utf8(`\ufeff${lines(2)}${lines(3).replace("\n", "\r\n")}`),
    ];
    const { view } = logOf(Buffer.concat(bad));
    const read = await page(view);
    expect(ids(read)).toBe("1,3");
    expect(read.faults).toEqual([
      { line: 3, id: null, message: "key must be a string at byte 2" },
      { line: 4, id: null, message: "invalid UTF-8 at byte 2" },
      { line: 5, id: null, message: "a byte order mark before the value" },
    ]);
  });

  it("counts faults as it counts events", async () => {
    const { view } = logOf(`x\nx\n${lines(1)}`);
    const first = await page(view, null, 1);
    expect(first.faults.map((fault) => fault.line)).toEqual([1]);
    const second = await page(view, first.next, 2);
    expect([second.faults.length, ids(second), second.done]).toEqual([1, "1", true]);
  });

  it("reads lines of many megabytes, each in a page of its own", async () => {
    const long = (id: number) => line({ id, payload: "x".repeat(10 << 20) });
    const { view } = logOf(long(1) + long(2) + lines(3));
    const first = await page(view);
    const second = await page(view, first.next);
    const third = await page(view, second.next);
    expect([first, second, third].map(ids)).toEqual(["1", "2", "3"]);
    const [event] = second.events;
    expect(event && sliceText(event.payload.tape, event.payload.node).length).toBe((10 << 20) + 2);
  });

  it("lets each event have its own memory", async () => {
    const { view } = logOf(lines(1, 2));
    const [first, second] = (await page(view)).events;
    expect(first?.payload.tape.bytes.buffer.byteLength).toBe(line({ id: 1 }).length - 1);
    expect(first?.payload.tape.bytes.buffer).not.toBe(second?.payload.tape.bytes.buffer);
  });

  it("goes on where a tail grew, whatever was there of its last line", async () => {
    const { view, append } = logOf(lines(1));
    let at = (await page(view)).next;
    const next = async () => {
      const read = await page(view, at);
      at = read.next;
      return { ids: ids(read), unfinished: read.unfinished?.line ?? null, startedOver: read.startedOver };
    };
    append('{"id":2,"event":{"kind":"k"');
    expect(await next()).toEqual({ ids: "", unfinished: 2, startedOver: false });
    append(',"payload":{},"headers":{},"occurred_at_ms":0}}');
    expect(await next()).toEqual({ ids: "2", unfinished: null, startedOver: false });
    expect(await next()).toEqual({ ids: "", unfinished: null, startedOver: false });
    append("\r");
    expect(await next()).toEqual({ ids: "", unfinished: null, startedOver: false });
    append(`\n${lines(3)}`);
    expect(await next()).toEqual({ ids: "3", unfinished: null, startedOver: false });
    expect(at.line).toBe(4);
  });

  it("gives each event once, in whatever pieces the file grows", async () => {
    const whole = utf8(lines(1, 2) + line({ id: 3, payload: 'ü\\"}' }).replace("\n", "\r\n") + `\n${lines(4)}`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(whole.length), { maxLength: 12 }), async (cuts) => {
        const { view, path } = logOf("");
        let at: TopicCursor | null = null;
        const seen: string[] = [];
        const odd: unknown[] = [];
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), whole.length]) {
          appendFileSync(path, whole.subarray(from, to));
          from = to;
          const read: TopicPage = await page(view, at);
          seen.push(...read.events.map(({ id }) => String(id)));
          if (read.startedOver || read.faults.length > 0 || !read.done) odd.push(read);
          at = read.next;
        }
        expect(seen).toEqual(["1", "2", "3", "4"]);
        expect(odd).toEqual([]);
        expect(at?.line).toBe(6);
      }),
      { numRuns: 100 },
    );
  });

  it("tells when something was appended to an event without its line end", async () => {
    const { view, append } = logOf(lines(1, 2).trimEnd());
    const first = await page(view);
    expect(ids(first)).toBe("1,2");
    append(lines(3).trimEnd());
    const second = await page(view, first.next);
    expect([ids(second), second.unfinished?.line]).toEqual(["", 2]);
    append(`\n${lines(4)}`);
    const third = await page(view, second.next);
    expect(ids(third)).toBe("4");
    expect(third.faults).toEqual([{ line: 2, id: null, message: expect.stringContaining("no end: the runtime cannot read") as string }]);
  });

  it.each<[string, (path: string) => void, string]>([
    ["emptied", (path) => truncateSync(path), ""],
    ["cut", (path) => truncateSync(path, lines(1).length), "1"],
    ["cut inside of a line and grown again", (path) => writeFileSync(path, lines(1, 22, 333, 4444)), "1,22,333,4444"],
    ["written anew with lines as long", (path) => writeFileSync(path, line({ id: 7, at: 1 }) + line({ id: 8, at: 1 }) + lines(9)), "7,8,9"],
    [
      "replaced by one that looks the same there",
      (path) => {
        writeFileSync(`${path}.new`, lines(7, 2, 3, 4));
        renameSync(`${path}.new`, path);
      },
      "7,2,3,4",
    ],
    ["removed", (path) => rmSync(path), ""],
  ])("starts over when the file was %s", async (_what, change, expected) => {
    const { view, path } = logOf(lines(1, 2, 3));
    const { next } = await page(view, null, 2);
    change(path);
    const read = await page(view, next);
    expect([read.startedOver, ids(read)]).toEqual([true, expected]);
    expect((await page(view, read.next)).startedOver).toBe(false);
  });

  it("does not start over again and again on a disk that names files anew each time", async () => {
    let count = 0;
    const fickle: FileSystem = {
      ...nodeFileSystem,
      async openToRead(path) {
        const file = await nodeFileSystem.openToRead(path);
        return { ...file, facts: async () => ({ ...(await file.facts()), identity: String(count++) }) };
      },
    };
    const { view } = logOf(lines(1, 2, 3), fickle);
    let at = (await page(view, null, 1)).next;
    const seen: string[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const read = await page(view, at, 1);
      at = read.next;
      seen.push(ids(read));
    }
    expect(seen).toEqual(["2", "3"]);
  });

  it("refuses a name that is none", async () => {
    const { view } = logOf("");
    expect(await view.read("../t", null, 1)).toEqual({ ok: false, message: "topic '../t' contains unsupported characters" });
    expect(await view.mark("../t")).toBe("-");
    expect(await view.readOne("../t", 1n, 0)).toBeNull();
  });

  it("answers a failing disk with a sentence", async () => {
    const { view } = logOf(
      lines(1),
      watchedFileSystem((call) => {
        if (call === "file.read") throw fsError("EACCES");
      }),
    );
    expect(await view.read("t", null, 1)).toMatchObject({
      ok: false,
      message: expect.stringContaining("you have no permission") as string,
    });
    expect(await view.topics()).toMatchObject({ topics: [{ fault: expect.stringContaining("you have no permission") as string }] });
    await expect(view.readOne("t", 1n, null)).rejects.toThrow("you have no permission");
  });

  it("ends when the view is closed", async () => {
    const { view } = logOf(lines(1));
    await view.close();
    expect(await view.read("t", null, 1)).toEqual({ ok: false, message: "The event log was closed." });
  });

  it("gives the same by any pages, and the lines' own numbers and places", async () => {
    const piece = fc.constantFrom(line({ id: 1 }), line({ id: 2, payload: "ü" }), "\n", "x\n", " \r\n", '{"id":1}\n');
    const end = fc.constantFrom("", line({ id: 3 }).trimEnd(), '{"id":', "  ");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), end, fc.integer({ min: 1, max: 4 }), async (pieces, tail, limit) => {
        const text = pieces.join("") + tail;
        const { view } = logOf(text);
        const whole = await page(view, null, 1000);
        const events = [];
        const faults = [];
        let at: TopicCursor | null = null;
        for (let turns = 0; turns < 30; turns++) {
          const read: TopicPage = await page(view, at, limit);
          events.push(...read.events);
          faults.push(...read.faults);
          at = read.next;
          if (read.done) break;
        }
        expect(events.map(({ id, offset }) => [id, offset])).toEqual(whole.events.map(({ id, offset }) => [id, offset]));
        expect(faults).toEqual(whole.faults);
        expect(at).toEqual(whole.next);
        const bytes = utf8(text);
        const good = bytes.filter((byte) => byte === 0x7b).length;
        expect(good).toBeGreaterThanOrEqual(whole.events.length);
        for (const { offset = -1 } of whole.events) expect(offset === 0 || bytes[offset - 1] === 0x0a).toBe(true);
        for (const fault of whole.faults) expect(text.split("\n")[(fault.line ?? 0) - 1]).toMatch(/^(x|\{"id":1\})$/);
      }),
      { numRuns: 60 },
    );
  });
});

describe("readLast", () => {
  it.each([
    [1, "5"],
    [2, "4,5"],
    [99, "1,2,3,4,5"],
  ])("gives the last %i events", async (limit, expected) => {
    const { view, append } = logOf(`${lines(1, 2, 3, 4)}\n\n${lines(5)}\n`);
    const read = await last(view, limit);
    expect([ids(read), read.done]).toEqual([expected, true]);
    append(lines(6));
    expect(ids(await page(view, read.next))).toBe("6");
  });

  it("takes an event without its line end, once, and leaves a fragment", async () => {
    const { view, append } = logOf(lines(1, 2).trimEnd());
    const whole = await last(view, 5);
    expect(ids(whole)).toBe("1,2");
    append(`\n${lines(3)}{"id":`);
    expect(ids(await page(view, whole.next))).toBe("3");
    const torn = await last(view, 1);
    expect([ids(torn), torn.unfinished?.line]).toEqual(["", 4]);
    expect(ids(await last(view, 2))).toBe("3");
  });

  it("reads from the end, past bad lines, without counting those before", async () => {
    const { view, append } = logOf(`x\n${lines(...Array.from({ length: 4000 }, (_, at) => at + 1))}x\n${lines(4001)}`);
    const read = await last(view, 3);
    expect(ids(read)).toBe("4000,4001");
    expect(read.faults).toEqual([{ line: null, id: null, message: "expected value at byte 1" }]);
    expect(read.next.line).toBeNull();
    append(`x\n${lines(4002)}`);
    const grown = await page(view, read.next);
    expect([ids(grown), grown.faults[0]?.line, grown.startedOver]).toEqual(["4002", null, false]);
  });

  it("finds the beginning of a line of many megabytes", async () => {
    const { view, append } = logOf(lines(1) + line({ id: 2, payload: "x".repeat(9 << 20) }));
    expect(ids(await last(view, 2))).toBe("1,2");
    append(lines(3));
    // Some megabytes are enough: the one before is not waited for.
    expect(ids(await last(view, 2))).toBe("3");
    expect(await view.topics()).toMatchObject({ topics: [{ lastId: 3n }] });
  });

  it("has nothing of an empty topic, and of one that is not there", async () => {
    const { view } = logOf("\n \n");
    expect(await last(view, 3)).toMatchObject({ events: [], faults: [], done: true });
    expect(await view.readLast("absent", 3)).toMatchObject({ ok: true, events: [], done: true });
  });
});

describe("readOne", () => {
  it("finds an event by its place, by the pages read before, and without either", async () => {
    const { view } = logOf(`${lines(1, 2)}x\n${lines(3, 33).trimEnd()}`);
    const places = (await page(view)).events.map(({ id, offset }) => [id, offset] as const);
    for (const [id, offset = null] of places) {
      expect((await view.readOne("t", id, offset))?.id).toBe(id);
      expect((await view.readOne("t", id, null))?.offset).toBe(offset);
      expect((await view.readOne("t", id, 3))?.offset).toBe(offset);
    }
    expect(await view.readOne("t", 4n, null)).toBeNull();
    expect(await view.readOne("t", 4n, 1e9)).toBeNull();
    expect(await view.readOne("absent", 4n, null)).toBeNull();
  });

  it("finds ids that go back", async () => {
    const { view } = logOf(lines(9, 3, 12, 4));
    const first = await page(view, null, 2);
    await page(view, first.next, 2);
    for (const id of [9n, 3n, 12n, 4n]) expect((await view.readOne("t", id, null))?.id).toBe(id);
  });
});

describe("marks", () => {
  it("differ once something was written", async () => {
    const { folder, view, path, append } = logOf(lines(1));
    const before = [await view.mark("t"), await view.markOfAll()];
    expect([await view.mark("t"), await view.markOfAll()]).toEqual(before);
    append(lines(2));
    const after = [await view.mark("t"), await view.markOfAll()];
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    utimesSync(path, 1, 1);
    expect(await view.mark("t")).not.toBe(after[0]);
    const all = await view.markOfAll();
    writeFileSync(join(folder, "topics", "u.jsonl"), "");
    expect(await view.markOfAll()).not.toBe(all);
    expect(await view.mark("absent")).toBe("-");
  });
});
