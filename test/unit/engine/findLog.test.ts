import { chmodSync, copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FoundLog } from "../../../src/engine/around/FoundLog.ts";
import { findLog } from "../../../src/engine/ports/findLog.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import type { LogChoice, RecordPlace } from "../../../src/protocol/engine.ts";
import { askQuestions, memoryHost, writeDatabase } from "./logFiles.ts";
import { testFolder } from "./testFolder.ts";

const LINE = '{"id":1,"event":{"kind":"k","payload":null,"headers":{},"occurred_at_ms":5}}\n';

/** A project `ws` in a folder of its own, with a record two folders below the base folder. */
function project(files: Readonly<Record<string, string>> = {}): { ws: string; place: RecordPlace; outside: string } {
  const folder = testFolder({ "ws/.harn-runs/2026/a.json": "{}", "outside/": "", ...files });
  const ws = join(folder, "ws");
  const place = { path: join(ws, ".harn-runs", "2026", "a.json"), baseFolder: ws, workspaceFolder: ws };
  return { ws, place, outside: join(folder, "outside") };
}

async function find(place: RecordPlace, choice: Partial<LogChoice> = {}): Promise<FoundLog> {
  const found = await findLog(nodeFileSystem, place, { ...DEFAULT_LOG_CHOICE, ...choice }, memoryHost);
  onTestFinished(async () => found.view?.close());
  expect(found.note).toMatch(/[.]$/);
  expect(found.view !== null).toBe(found.state === "found" || (found.state === "empty" && found.path !== null));
  return found;
}

async function promptsOf(found: FoundLog): Promise<number> {
  const read = await found.view?.log.readRange("hitl.questions", 0n, 100);
  if (read?.ok !== true) throw new Error(read?.message ?? "no log");
  return read.events.length;
}

describe("the log that is active", () => {
  it("is the SQLite log of the base folder", async () => {
    const { ws, place } = project();
    await askQuestions("sqlite", join(ws, ".harn", "events.sqlite"), "run_1", ["why?", "when?"]);
    const found = await find(place);
    expect(found).toMatchObject({ state: "found", backend: "sqlite", path: join(ws, ".harn/events.sqlite"), shown: ".harn/events.sqlite" });
    expect(found.note).toBe("Found “.harn/events.sqlite” (SQLite, 1 topic) in the record's base folder.");
    expect(await promptsOf(found)).toBe(2);
  });

  it("is the file log where there is no database", async () => {
    const { ws, place } = project();
    await askQuestions("file", join(ws, ".harn", "events"), "run_1", ["why?"]);
    const found = await find(place);
    expect(found).toMatchObject({ state: "found", backend: "file", path: join(ws, ".harn/events"), shown: ".harn/events" });
    expect(found.note).toBe("Found “.harn/events” (topic files, 1 topic) in the record's base folder.");
    expect(await promptsOf(found)).toBe(1);
  });

  it("is the database of both, unless the setting says otherwise", async () => {
    const { ws, place } = project();
    await askQuestions("sqlite", join(ws, ".harn", "events.sqlite"), "run_1", ["why?", "when?"]);
    await askQuestions("file", join(ws, ".harn", "events"), "run_1", ["why?"]);
    const found = await find(place);
    expect(found.backend).toBe("sqlite");
    expect(found.note).toContain("“.harn/events” are not read");
    expect((await find(place, { backend: "file" })).backend).toBe("file");
    const only = await find(place, { backend: "sqlite" });
    expect(only.backend).toBe("sqlite");
    expect(only.note).not.toContain("not read");
  });

  it("is the nearest one, up to the base folder", async () => {
    const { ws, place } = project({ ".harn/events/topics/t.jsonl": LINE, "ws/.harn/events/topics/t.jsonl": LINE });
    expect((await find(place)).path).toBe(join(ws, ".harn/events"));
    await askQuestions("file", join(ws, ".harn-runs/.harn/events"), "run_1", ["why?"]);
    const between = await find(place);
    expect(between.shown).toBe(".harn-runs/.harn/events");
    expect(between.note).toContain("between the record and its base folder");
    await askQuestions("sqlite", join(ws, ".harn-runs/2026/.harn/events.sqlite"), "run_1", ["why?"]);
    expect((await find(place)).note).toContain("in the record's own folder");
  });

  it.each([
    ["its base folder", (ws: string) => ({ baseFolder: join(ws, "sub"), workspaceFolder: ws })],
    ["the workspace folder", (ws: string) => ({ baseFolder: ws, workspaceFolder: join(ws, "sub") })],
    ["its own folder, with no workspace", (ws: string) => ({ baseFolder: join(ws, "sub"), workspaceFolder: null })],
    ["its own folder, when the base folder is elsewhere", (ws: string) => ({ baseFolder: join(ws, "other"), workspaceFolder: null })],
  ])("is never looked for above %s", async (_name, placed) => {
    const { ws } = project({ "ws/.harn/events/topics/t.jsonl": LINE, "ws/sub/a.run.json": "{}" });
    const found = await find({ path: join(ws, "sub", "a.run.json"), ...placed(ws) });
    expect(found).toMatchObject({ state: "absent", path: null, shown: null });
    expect(found.note).toContain(`“${join(ws, "sub")}”`);
  });

  it("is seen with what stands in its write-ahead log alone", async () => {
    const { ws, place } = project({ "ws/.harn/": "" });
    for (const suffix of ["", "-wal", "-shm"]) {
      copyFileSync(join("samples/running/.harn", `events.sqlite${suffix}`), join(ws, ".harn", `events.sqlite${suffix}`));
    }
    const found = await find(place);
    expect(found.state).toBe("found");
    expect(await promptsOf(found)).toBeGreaterThan(0);
  });
});

describe("what is no log to read", () => {
  it("is off by the setting, without a look", async () => {
    const { place } = project({ "ws/.harn/events/topics/t.jsonl": LINE });
    const blind = new Proxy(nodeFileSystem, {
      get: () => () => {
        throw new Error("looked");
      },
    });
    const found = await findLog(blind, place, { ...DEFAULT_LOG_CHOICE, backend: "none" }, memoryHost);
    expect(found).toMatchObject({ state: "off", view: null });
    expect(found.note).toContain("runRecord.eventLog.backend");
    const reason = await findLog(blind, place, { ...DEFAULT_LOG_CHOICE, backend: "none", reason: "Because." }, memoryHost);
    expect(reason.note).toBe("Because.");
  });

  it("is absent, and says where was looked", async () => {
    const { ws, place } = project();
    const found = await find(place);
    expect(found.state).toBe("absent");
    expect(found.note).toContain(`from “${dirname(place.path)}” up to “${ws}”`);
    expect(found.note).toContain(".harn/events.sqlite or .harn/events/topics");
    expect((await find(place, { backend: "sqlite" })).note).not.toContain("topics");
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["folders without a topics folder", { "ws/.harn/events/consumers/x.json": "{}" }],
    ["a file named .harn", { "ws/.harn": "" }],
    ["a file where the events' folder is", { "ws/.harn/events": "" }],
  ])("is absent with %s", async (_name, files) => {
    expect((await find(project(files).place)).state).toBe("absent");
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["a database of no byte", { "ws/.harn/events.sqlite": "" }, "“.harn/events.sqlite” (SQLite)"],
    ["a folder of no topic", { "ws/.harn/events/topics/": "" }, "“.harn/events” (topic files)"],
    ["topics of no byte", { "ws/.harn/events/topics/t.jsonl": "", "ws/.harn/events/topics/note.txt": "x" }, "“.harn/events” (topic files)"],
  ])("is empty with %s", async (_name, files, words) => {
    const found = await find(project(files).place);
    expect(found.state).toBe("empty");
    expect(found.note).toBe(`Found ${words} in the record's base folder; it holds no event yet.`);
  });

  it("is empty with tables of no row, and with columns nobody knows", async () => {
    const { ws, place } = project({ "ws/.harn/": "" });
    const columns = "topic TEXT, event_id INTEGER, kind TEXT, payload BLOB, headers TEXT, occurred_at_ms INTEGER, tenant TEXT";
    await writeDatabase(join(ws, ".harn/events.sqlite"), `CREATE TABLE events (${columns})`, "CREATE TABLE shards (id INTEGER)");
    expect((await find(place)).state).toBe("empty");
  });

  it.each<[string, (path: string) => Promise<void> | void, RegExp]>([
    [
      "a folder",
      (path) => {
        mkdirSync(path);
      },
      /is a folder, not a file/,
    ],
    ["no database", (path) => writeFileSync(path, "not a database at all, but some text".repeat(100)), /not a database/],
    ["a foreign database", (path) => writeDatabase(path, "CREATE TABLE cookies (a)"), /of another program/],
    ["a log without a column", (path) => writeDatabase(path, "CREATE TABLE events (topic TEXT, event_id INTEGER)"), /no such column/],
    [
      "a view for a table",
      (path) => writeDatabase(path, "CREATE TABLE other (topic TEXT)", "CREATE VIEW events AS SELECT * FROM other"),
      /no(t a)? plain table/,
    ],
    [
      "a truncated database",
      async (path) => {
        await askQuestions("sqlite", path, "run_1", ["why?".repeat(9000)]);
        truncateSync(path, 2000);
      },
      /malformed|not a database|could not be read/,
    ],
  ])("is unreadable when events.sqlite is %s", async (_name, make, reason) => {
    const { ws, place } = project({ "ws/.harn/": "", "ws/.harn/events/topics/t.jsonl": LINE });
    await make(join(ws, ".harn/events.sqlite"));
    const found = await find(place);
    expect(found).toMatchObject({ state: "unreadable", backend: "sqlite", shown: ".harn/events.sqlite" });
    expect(found.note).toMatch(reason);
    expect(found.note).not.toContain("could not be read as an event log");
    expect(found.note).toContain("set runRecord.eventLog.backend to “file”");
    expect((await find(place, { backend: "file" })).state).toBe("found");
  });

  it("is not read over and over when it is broken, but again once it was written to", async () => {
    const { ws, place } = project({ "ws/.harn/": "" });
    const path = join(ws, ".harn/events.sqlite");
    await askQuestions("sqlite", path, "run_1", ["why?"]);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 2000));
    let opened = 0;
    const counting = {
      ...nodeFileSystem,
      openToRead(name: string) {
        if (name === path) opened++;
        return nodeFileSystem.openToRead(name);
      },
    };
    const look = () => findLog(counting, place, DEFAULT_LOG_CHOICE, memoryHost);
    const first = await look();
    expect(first.state).toBe("unreadable");
    const before = opened;
    expect(before).toBeGreaterThan(0);
    expect(await look()).toEqual(first);
    expect(opened).toBe(before);
    writeFileSync(path, whole);
    const mended = await look();
    expect(mended.state).toBe("found");
    await mended.view?.close();
  });

  it("is unreadable when topics is a file", async () => {
    const found = await find(project({ "ws/.harn/events/topics": "" }).place);
    expect(found.state).toBe("unreadable");
    expect(found.note).toContain("is a file, not the folder");
  });

  it("is unreadable when links go in circles", async () => {
    const { ws, place } = project({ "ws/.harn/": "" });
    symlinkSync("events.sqlite", join(ws, ".harn/events.sqlite"));
    expect((await find(place)).note).toContain("leads back to itself");
  });

  it.skipIf(process.getuid?.() === 0)("is unreadable in a folder without permission", async () => {
    const { ws, place } = project({ "ws/.harn/events/topics/t.jsonl": LINE });
    for (const folder of [join(ws, ".harn/events/topics"), join(ws, ".harn")]) {
      chmodSync(folder, 0);
      onTestFinished(() => chmodSync(folder, 0o755));
      const found = await find(place);
      expect(found.state).toBe("unreadable");
      expect(found.note).toContain("no permission");
    }
  });

  it("is unreadable where the disk refuses, and nothing is thrown", async () => {
    const { ws, place } = project({ "ws/.harn/events/topics/t.jsonl": LINE });
    for (const [code, words] of [
      ["EACCES", "no permission"],
      ["EIO", "EIO"],
    ] as const) {
      const refusing = {
        ...nodeFileSystem,
        realPath: async (path: string) => {
          if (path.startsWith(join(ws, ".harn"))) throw Object.assign(new Error(code), { code });
          return nodeFileSystem.realPath(path);
        },
      };
      const found = await findLog(refusing, place, DEFAULT_LOG_CHOICE, memoryHost);
      expect(found).toMatchObject({ state: "unreadable", view: null });
      expect(found.note).toContain(words);
    }
  });
});

describe("a log outside of the workspace", () => {
  it.each(["events.sqlite", ".harn itself"])("by a link (%s) is not opened until that is allowed", async (link) => {
    const { ws, place, outside } = project();
    const real = join(outside, "events.sqlite");
    await askQuestions("sqlite", real, "run_1", ["why?"]);
    if (link === "events.sqlite") {
      mkdirSync(join(ws, ".harn"));
      symlinkSync(real, join(ws, ".harn/events.sqlite"));
    } else symlinkSync(outside, join(ws, ".harn"));
    expect(await find(place)).toMatchObject({ state: "outside", backend: null, path: real, shown: real, view: null });
    expect((await find(place, { allowed: [join(outside, "other.sqlite")] })).state).toBe("outside");
    const allowed = await find(place, { allowed: [real] });
    expect(allowed).toMatchObject({ state: "found", path: real, shown: ".harn/events.sqlite" });
    expect(await promptsOf(allowed)).toBe(1);
  });

  it("is not even looked into", async () => {
    const { ws, place, outside } = project({ "ws/.harn/": "" });
    symlinkSync(join(outside, "nothing.txt"), join(ws, ".harn/events.sqlite"));
    writeFileSync(join(outside, "nothing.txt"), "no database");
    const found = await findLog(
      { ...nodeFileSystem, stat: () => Promise.reject(new Error("looked")), openToRead: () => Promise.reject(new Error("read")) },
      place,
      DEFAULT_LOG_CHOICE,
      memoryHost,
    );
    expect(found.state).toBe("outside");
  });

  it("is a file log with its topics outside, too", async () => {
    const { ws, place, outside } = project({ "ws/.harn/events/": "", "outside/topics/t.jsonl": LINE });
    const topics = join(outside, "topics");
    symlinkSync(topics, join(ws, ".harn/events/topics"));
    expect(await find(place)).toMatchObject({ state: "outside", path: topics });
    expect(await find(place, { allowed: [topics] })).toMatchObject({ state: "found", path: outside, shown: ".harn/events" });
  });

  it("is not needed for topics under another name, which no log can be made of", async () => {
    const { ws, place } = project({ "ws/.harn/events/": "", "ws/elsewhere/t.jsonl": LINE });
    symlinkSync(join(ws, "elsewhere"), join(ws, ".harn/events/topics"));
    const found = await find(place);
    expect(found.state).toBe("unreadable");
    expect(found.note).toContain("its topics are a link to");
  });

  it("does not come in by a single topic", async () => {
    const { ws, place, outside } = project({ "ws/.harn/events/topics/a.jsonl": LINE, "outside/t.jsonl": LINE });
    symlinkSync(join(outside, "t.jsonl"), join(ws, ".harn/events/topics/t.jsonl"));
    const found = await find(place);
    expect(found.state).toBe("found");
    expect(await found.view?.log.readRange("a", 0n, 9)).toMatchObject({ ok: true });
    expect(await found.view?.log.readRange("t", 0n, 9)).toMatchObject({ ok: false });
  });

  it("is none when the workspace folder itself is a link", async () => {
    const { ws, outside } = project({ "ws/.harn/events/topics/t.jsonl": LINE });
    const linked = join(outside, "ws");
    symlinkSync(ws, linked);
    const found = await find({ path: join(linked, ".harn-runs/2026/a.json"), baseFolder: linked, workspaceFolder: linked });
    expect(found).toMatchObject({ state: "found", path: join(realpathSync(ws), ".harn/events"), shown: ".harn/events" });
  });
});

describe("a log named by the settings", () => {
  it.each([
    ["a database", "state/log.db", "sqlite"],
    ["a folder", "state/events", "file"],
    ["its topics folder", "state/events/topics", "file"],
  ] as const)("is %s", async (_name, path, backend) => {
    const { ws, place } = project({ "ws/.harn/events/topics/t.jsonl": LINE, "ws/state/": "" });
    await askQuestions("sqlite", join(ws, "state/log.db"), "run_1", ["why?"]);
    await askQuestions("file", join(ws, "state/events"), "run_1", ["why?"]);
    for (const text of [path, join(ws, path)]) {
      const found = await find(place, { path: text });
      expect(found).toMatchObject({ state: "found", backend, path: join(ws, backend === "sqlite" ? "state/log.db" : "state/events") });
      expect(found.note).toContain("named by runRecord.eventLog.path");
    }
    const other = await find(place, { path, backend: backend === "file" ? "sqlite" : "file" });
    expect(other.state).toBe("unreadable");
    expect(other.note).toContain("runRecord.eventLog.backend asks for");
  });

  it.each<[string, string, FoundLog["state"], string]>([
    ["nothing", "none.sqlite", "absent", "runRecord.eventLog.path names"],
    ["a folder without topics", "empty", "empty", "without topics"],
    ["no path at all", "a\0b", "unreadable", "NUL"],
  ])("that is %s does not bring another one", async (_name, path, state, words) => {
    const { place } = project({ "ws/.harn/events/topics/t.jsonl": LINE, "ws/empty/": "" });
    const found = await find(place, { path });
    expect(found.state).toBe(state);
    expect(found.note).toContain(words);
  });

  it("outside of the workspace waits for permission", async () => {
    const { place, outside } = project();
    await askQuestions("file", join(outside, "events"), "run_1", ["why?"]);
    const path = join(outside, "events");
    expect(await find(place, { path })).toMatchObject({ state: "outside", path });
    expect((await find(place, { path, allowed: [path] })).state).toBe("found");
    expect((await find(place, { path: "../outside/events" })).state).toBe("outside");
  });
});
