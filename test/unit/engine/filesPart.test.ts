import { readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Around } from "../../../src/engine/around/Around.ts";
import type { FoundLog } from "../../../src/engine/around/FoundLog.ts";
import { FilesPart } from "../../../src/engine/around/FilesPart.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { LogView } from "../../../src/eventlog/LogView.ts";
import type { RecordPlace } from "../../../src/protocol/engine.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableQuery, TableWindow } from "../../../src/view/tables.ts";
import { readingOf } from "../view/readingOf.ts";
import { placeOf } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

/** Calls of the ports, by what was asked. */
interface Counted {
  readonly looked: string[];
  readonly read: string[];
}

interface Files {
  readonly around: Around;
  readonly counted: Counted;
  window(query?: Partial<TableQuery>): TableWindow;
  /** `file|role|state` of each row. */
  rows(query?: Partial<TableQuery>): string[];
  /** Waits until nothing is read in the background any more. */
  settled(): Promise<void>;
}

function filesOf(place: RecordPlace, record: object, changes: Partial<EnginePorts> = {}): Files {
  const node = nodeEnginePorts(() => undefined);
  const counted: Counted = { looked: [], read: [] };
  const ports: EnginePorts = {
    ...node,
    lookAt: (path) => (counted.looked.push(path), node.lookAt(path)),
    readHead: (path, length, signal) => (counted.read.push(path), node.readHead(path, length, signal)),
    ...changes,
  };
  const state = new DocumentState(readingOf({ _type: "run_record", ...record }), "run.json", 1);
  const around = new Around(
    place,
    ports,
    state,
    { ...DEFAULT_LOG_CHOICE, backend: "none" },
    () => undefined,
    (context) => [new FilesPart(context)],
  );
  onTestFinished(() => around.close());
  const window: Files["window"] = (query = {}) =>
    around.answer({ kind: "table", table: "files", query: { ...NO_QUERY, ...query }, start: 0, count: 300 });
  return {
    around,
    counted,
    window,
    rows: (query) => window(query).rows.map(({ label, cells }) => [label.split(", ")[0], cells[1]?.text, cells[3]?.text].join("|")),
    async settled() {
      while (window().progress !== null) for (let turn = 0; turn < 100; turn++) await node.pause();
    },
  };
}

async function looked(place: RecordPlace, record: object, changes: Partial<EnginePorts> = {}): Promise<Files> {
  const files = filesOf(place, record, changes);
  await files.around.look();
  return files;
}

const RECORD = ".harn-runs/run.json";
const text = (value: object): string => JSON.stringify(value);

describe("the files of a record", () => {
  it("lists what the record names and what lies beside it, each file once", async () => {
    const folder = testFolder({
      [RECORD]: "{}",
      ".harn-runs/run-llm/llm_transcript.jsonl": "{}\n",
      ".harn-runs/child.json": text({ _type: "run_record", id: "c", status: "failed" }),
      ".harn-runs/fixture.json": text({ _type: "replay_fixture", id: "fixture_1" }),
      ".harn-runs/suite.json": text({ _type: "eval_suite_manifest" }),
      ".harn-runs/run-copy.json": text({ _type: "run_record", id: "run_1", status: "running" }),
      ".harn-runs/parent.json": text({ _type: "run_record", id: "parent_1" }),
      ".harn-runs/stranger.json": text({ _type: "run_record", id: "run_2" }),
      ".harn-runs/torn.json": '{"_type": "run_rec',
      ".harn-runs/note.txt": "run_1",
      ".harn-runs/session_9/event_log.jsonl": "{}\n",
      ".harn/receipts/r1.json": text({ schema: "harn-provenance-receipt-v1", run: { pipeline: "run_1" } }),
      ".harn/receipts/r2.json": text({ schema: "harn-provenance-receipt-v1", run: { pipeline: "run_7" } }),
      ".harn/workers/w.json": text({ _type: "worker_snapshot", status: "completed" }),
      ".harn/daemons/d/daemon.json": "{}",
    });
    const files = await looked(placeOf(join(folder, RECORD)), {
      id: "run_1",
      parent_run_id: "parent_1",
      persisted_path: RECORD,
      stages: [{ node_id: "port", metadata: { worker: { id: "w", snapshot_path: "./.harn/workers/w.json", child_run_path: RECORD } } }],
      child_runs: [
        { worker_id: "w", worker_name: "scout", parent_stage_id: "port", run_path: "child.json", snapshot_path: ".harn/workers/w.json" },
        { worker_id: "x", worker_name: "gone", run_path: ".harn-runs/gone.json", snapshot_path: "/somewhere/else.json" },
      ],
      observability: {
        transcript_pointers: [{ location: "run.transcript", path: RECORD }],
        daemon_events: [
          { kind: "spawned", name: "mail", persist_path: ".harn/daemons/d/" },
          { kind: "stopped", name: "mail", persist_path: ".harn/daemons/d/" },
        ],
      },
    });
    expect(files.rows()).toEqual([
      ".harn-runs/run.json|run record, child record|present",
      ".harn-runs/run-llm/llm_transcript.jsonl|model transcript|present",
      ".harn-runs/child.json|child record|present",
      ".harn-runs/gone.json|child record|absent",
      ".harn/workers/w.json|worker snapshot|present",
      "/somewhere/else.json|worker snapshot|outside the workspace",
      ".harn/daemons/d/daemon.json|daemon state|present",
      ".harn/daemons/d/daemon.meta.json|daemon state|absent",
      ".harn-runs/session_9/event_log.jsonl|session log|present",
      ".harn-runs/parent.json|parent record|present",
      ".harn-runs/run-copy.json|same run|present",
      ".harn-runs/fixture.json|replay fixture|present",
      ".harn-runs/suite.json|eval suite|present",
      ".harn/receipts/r1.json|receipt|present",
    ]);
    const window = files.window();
    expect(window.summary).toMatch(/^14 files · 2 absent · 1 outside the workspace · /);
    expect(files.around.view.tabs).toEqual([{ id: "files", count: 14, alert: "1 absent" }]);
    expect(window.rows[2]?.cells[6]).toEqual({ text: "failed", tone: "failure" });
    expect(window.rows[2]?.treeRow).toBe("child:0");
    expect(window.rows[4]?.cells[2]).toEqual({ text: "scout +1", hint: "child_runs[0].snapshot_path" });
    expect(files.rows({ filters: { state: "absent" } })).toHaveLength(2);
    expect(files.rows({ text: "gone CHILD" })).toEqual([".harn-runs/gone.json|child record|absent"]);
  });

  it("tells in the detail who names a file, how, and where it was looked for", async () => {
    const folder = testFolder({ [RECORD]: "{}" });
    const files = await looked(placeOf(join(folder, RECORD)), { child_runs: [{ worker_name: "scout", run_path: "../child.json" }] });
    const row = files.window().rows[1];
    const detail = (await files.around.detail(row?.id ?? ""))?.detail;
    expect(detail).toMatchObject({ kind: "file", title: "../child.json", path: "child_runs[0].run_path", raw: null });
    expect(detail?.sections).toContainEqual({
      kind: "list",
      title: "Named by",
      items: [{ name: "scout", value: "child_runs[0].run_path", link: { kind: "row", rowId: "child:0" } }],
    });
    expect(detail?.sections).toContainEqual({
      kind: "list",
      title: "Looked for below, in this order",
      items: [folder, join(folder, ".harn-runs")].map((value) => ({ name: "", value })),
    });
  });

  it("leads to a file by the same rule as any stored path", async () => {
    const folder = testFolder({ [RECORD]: "{}", ".harn-runs/child.json": "{}" });
    const files = await looked(placeOf(join(folder, RECORD)), { child_runs: [{ run_path: "child.json" }, { run_path: "/etc/passwd" }] });
    const [, child, outside] = files.window().rows;
    expect(await files.around.filePath(child?.id ?? "")).toMatchObject({
      presence: "present",
      path: join(folder, ".harn-runs/child.json"),
    });
    expect(await files.around.filePath(outside?.id ?? "")).toMatchObject({ presence: "outside", path: "/etc/passwd" });
    rmSync(join(folder, ".harn-runs/child.json"));
    expect((await files.around.filePath(child?.id ?? ""))?.presence).toBe("absent");
    expect(await files.around.filePath("@file:nothing")).toBeNull();
  });

  it.each([
    ["an address", "https://example.com/a.json", "unreadable"],
    ["a NUL", "a\0b", "unreadable"],
    ["a text of megabytes", "x/".repeat(1 << 20), "unreadable"],
    ["a folder", ".harn-runs", "unreadable"],
    ["a way out", "../../../../etc/hosts", "outside the workspace"],
    ["the root", "/", "outside the workspace"],
  ])("does not follow %s", async (_, path, state) => {
    const folder = testFolder({ [RECORD]: "{}" });
    const files = await looked(placeOf(join(folder, RECORD)), { child_runs: [{ run_path: path }] });
    const row = files.window().rows[1];
    expect(row?.cells[3]?.text).toBe(state);
    expect(row?.cells[0]?.text.length).toBeLessThanOrEqual(310);
    expect(row?.id.length).toBeLessThan(5000);
    expect(files.counted.looked.every((each) => each.startsWith(folder))).toBe(true);
    expect(files.counted.read).toEqual([]);
  });

  it.skipIf(process.platform === "win32")(
    "looks at nothing behind a link that leads out, and counts a link to a file as that file",
    async () => {
      const outside = testFolder({ "secret.json": text({ _type: "replay_fixture" }), "receipts/r.json": text({ id: "run_1" }) });
      const folder = testFolder({ [RECORD]: "{}", ".harn/": "", "real/child.json": "{}" });
      symlinkSync(join(outside, "secret.json"), join(folder, ".harn-runs/fixture.json"));
      symlinkSync(join(outside, "receipts"), join(folder, ".harn/receipts"));
      symlinkSync(join(folder, "real"), join(folder, "linked"));
      const files = await looked(placeOf(join(folder, RECORD)), {
        id: "run_1",
        child_runs: [{ run_path: "real/child.json" }, { run_path: "linked/child.json" }, { run_path: ".harn-runs/fixture.json" }],
      });
      await files.settled();
      expect(files.rows()).toEqual([
        ".harn-runs/run.json|run record|present",
        "real/child.json|child record|present",
        ".harn-runs/fixture.json|child record|outside the workspace",
      ]);
      expect(files.counted.read.filter((path) => !path.endsWith("child.json"))).toEqual([]);
    },
  );

  it("sees what comes, changes and goes, and reads a file's beginning again only then", async () => {
    const child = ".harn-runs/child.json";
    const folder = testFolder({ [RECORD]: "{}" });
    const files = await looked(placeOf(join(folder, RECORD)), { id: "run_1", child_runs: [{ run_path: child }] });
    const status = (): string | undefined => files.window().rows[1]?.cells[6]?.text;
    expect(files.rows()).toContain(`${child}|child record|absent`);

    writeFileSync(join(folder, child), text({ _type: "run_record", id: "c", status: "running" }));
    await files.around.look();
    expect(files.rows()).toContain(`${child}|child record|present`);
    expect(status()).toBe("running");
    const reads = files.counted.read.length;
    await files.around.look();
    expect(files.counted.read).toHaveLength(reads);

    writeFileSync(join(folder, child), text({ _type: "run_record", id: "c", status: "completed" }));
    utimesSync(join(folder, child), 1_800_000_000, 1_800_000_000);
    await files.around.look();
    expect(status()).toBe("completed");

    rmSync(join(folder, child));
    writeFileSync(join(folder, ".harn-runs/fixture.json"), text({ _type: "replay_fixture" }));
    // Folder times may be as coarse as the clock of the file system.
    utimesSync(join(folder, ".harn-runs"), 1_800_000_000, 1_800_000_000);
    await files.around.look();
    expect(files.rows()).toEqual([
      ".harn-runs/run.json|run record|present",
      `${child}|child record|absent`,
      ".harn-runs/fixture.json|replay fixture|present",
    ]);
  });

  it("lists the event log that is active with what belongs to it, and one that may not be read without looking at it", async () => {
    const folder = testFolder({ [RECORD]: "{}", ".harn/events.sqlite": "12345", ".harn/events.sqlite-wal": "123" });
    const path = join(folder, ".harn/events.sqlite");
    const view = { close: () => Promise.resolve() } as unknown as LogView;
    let log: FoundLog = { state: "found", backend: "sqlite", path, shown: "", note: "", view };
    const files = await looked(placeOf(join(folder, RECORD)), {}, { findLog: () => Promise.resolve(log) });
    expect(files.rows().slice(1)).toEqual([".harn/events.sqlite|event log|present", ".harn/events.sqlite-wal|event log|present"]);

    log = { state: "outside", backend: "sqlite", path: "/elsewhere/events.sqlite", shown: "", note: "Not allowed.", view: null };
    await files.around.setLog({ ...DEFAULT_LOG_CHOICE });
    expect(files.rows().slice(1)).toEqual(["/elsewhere/events.sqlite|event log|outside the workspace"]);
    expect(files.counted.looked).not.toContain("/elsewhere/events.sqlite");

    log = { state: "absent", backend: null, path: null, shown: null, note: "", view: null };
    await files.around.setLog({ ...DEFAULT_LOG_CHOICE });
    expect(files.rows()).toHaveLength(1);
  });

  it("does not wait for ten thousand children, and looks at some again with each call", async () => {
    const folder = testFolder({ [RECORD]: "{}" });
    const child_runs = Array.from({ length: 10_000 }, (_, at) => ({ run_path: `.harn-runs/c${at}.json` }));
    let looks = 0;
    const files = filesOf(
      placeOf(join(folder, RECORD)),
      { child_runs },
      { resolveStoredPath: (stored) => Promise.resolve({ stored, path: null, presence: "absent", note: `no ${++looks}` }) },
    );
    await files.around.look();
    expect(looks).toBeLessThan(200);
    expect(files.window()).toMatchObject({ total: 10_001, progress: { total: 10_002 } });
    await files.settled();
    expect(files.window().summary).toMatch(/^10,001 files · 10,000 absent/);
    const before = looks;
    await files.around.look();
    expect(looks - before).toBeLessThanOrEqual(101);
  });

  it("looks at a bounded number of files beside the record, the likeliest first, and says so", async () => {
    const others = Array.from({ length: 400 }, (_, at) => [`.harn-runs/a${at}.json`, "{}"] as const);
    const folder = testFolder({
      [RECORD]: "{}",
      ...Object.fromEntries(others),
      ".harn-runs/run.old.json": text({ _type: "run_record", id: "r" }),
    });
    const files = await looked(placeOf(join(folder, RECORD)), { id: "r" });
    await files.settled();
    expect(files.rows()).toContain(".harn-runs/run.old.json|same run|present");
    expect(new Set(files.counted.read).size).toBeLessThanOrEqual(200);
    expect(files.window().faults).toEqual(["Of 401 JSON files beside the record only 200 were looked at."]);
  });

  it("finds what a run names among the samples", async () => {
    const path = resolve("samples/release-notes/.harn-runs/release-notes-v2.4.0.json");
    const files = await looked(placeOf(path), JSON.parse(readFileSync(path, "utf8")) as object);
    await files.settled();
    expect(files.rows({ filters: { role: "childRecord", state: "present" } })).toHaveLength(2);
    expect(files.rows({ filters: { role: "snapshot", state: "present" } })).toHaveLength(3);
  });
});
