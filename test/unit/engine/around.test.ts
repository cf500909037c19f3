import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Around } from "../../../src/engine/around/Around.ts";
import type { AroundContext, AroundPart, AroundTable } from "../../../src/engine/around/AroundPart.ts";
import type { FoundLog } from "../../../src/engine/around/FoundLog.ts";
import { StageRows } from "../../../src/engine/around/StageRows.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { LogView } from "../../../src/eventlog/LogView.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import type { AroundRow } from "../../../src/view/aroundRows.ts";
import { NOTHING_AROUND } from "../../../src/view/aroundRows.ts";
import type { AroundView, TableId, TableRow } from "../../../src/view/tables.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { RowDetail } from "../../../src/view/types.ts";
import { readingOf } from "../view/readingOf.ts";

const place = { path: "/w/.harn-runs/run.json", baseFolder: "/w", workspaceFolder: "/w" };

function aroundRow(id: string, startMs: number | null, more: Partial<AroundRow> = {}): AroundRow {
  return { id, kind: "modelTurn", label: id, note: "", status: null, startMs, durationMs: null, tokens: null, cost: null, ...more };
}

function logOf(path: string | null, closed: string[] = []): FoundLog {
  const view = { close: () => Promise.resolve(void closed.push(path ?? "")) } as unknown as LogView;
  return {
    state: path === null ? "absent" : "found",
    backend: path === null ? null : "file",
    path,
    shown: path,
    note: "n",
    view: path === null ? null : view,
  };
}

/** A part that does nothing but what the test says. */
function part(changes: Partial<AroundPart> = {}): AroundPart {
  return {
    tables: [],
    rows: NOTHING_AROUND,
    openRequests: [],
    look: () => Promise.resolve(),
    recordChanged: () => undefined,
    logChanged: () => undefined,
    treeSections: () => [],
    ...changes,
  };
}

function detailOf(rowId: string): RowDetail {
  return { rowId, kind: "file", title: rowId, subtitle: "", status: null, path: "", offset: null, sections: [], raw: null, card: null };
}

/** A table whose rows are those whose id begins with its own; `made` hears of every detail that is made. */
function table(id: TableId, made: string[] = [], changes: Partial<AroundTable> = {}): AroundTable {
  return {
    id,
    tab: { id, count: 1, alert: null },
    window: () => {
      throw new Error("not asked for");
    },
    locate: () => -1,
    text: () => ({ text: "", rows: 0, total: 0 }),
    detail: (rowId) => {
      if (!rowId.startsWith(`@${id}`)) return Promise.resolve(null);
      made.push(rowId);
      return Promise.resolve({ detail: detailOf(rowId), tapes: [] });
    },
    filePath: () => Promise.resolve(null),
    ...changes,
  };
}

interface Setting {
  readonly around: Around;
  readonly context: AroundContext;
  readonly logged: string[];
  readonly told: AroundView[];
  /** Runs what waits for its time, and answers after how long (milliseconds) each was to run. */
  pass(): number[];
}

function settingOf(parts: readonly AroundPart[], changes: Partial<EnginePorts> = {}): Setting {
  const logged: string[] = [];
  const told: AroundView[] = [];
  let waiting: { readonly ms: number; readonly callback: () => void }[] = [];
  let context: AroundContext | undefined;
  const ports: EnginePorts = {
    ...nodeEnginePorts((level, message) => logged.push(`${level} ${message}`)),
    findLog: () => Promise.resolve(logOf(null)),
    later: (ms, callback) => void waiting.push({ ms, callback }),
    ...changes,
  };
  const state = new DocumentState(readingOf({ _type: "run_record", stages: [{ id: "a" }, { id: "b" }] }), "run.json", 1);
  const around = new Around(
    place,
    ports,
    state,
    DEFAULT_LOG_CHOICE,
    (view) => told.push(view),
    (given) => {
      context = given;
      return parts;
    },
  );
  onTestFinished(() => around.close());
  if (context === undefined) throw new Error("the parts were not asked for");
  return {
    around,
    context,
    logged,
    told,
    pass() {
      const due = waiting;
      waiting = [];
      for (const { callback } of due) callback();
      return due.map(({ ms }) => ms);
    },
  };
}

/** A promise that is settled from outside. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe("Around, looking", () => {
  it("looks once at a time, whoever asks", async () => {
    const { opened, open } = gate();
    let looks = 0;
    const { around } = settingOf([part({ look: () => (looks++, opened) })]);
    const asked = [around.look(), around.look()];
    open();
    await Promise.all([...asked, around.look()]);
    expect(looks).toBe(1);
    await around.look();
    expect(looks).toBe(2);
  });

  it("looks again for the log when settings change while it looks, and settles under the new ones", async () => {
    const { opened, open } = gate();
    const seen: (string | null)[] = [];
    const asked: (string | null)[] = [];
    const { around, context } = settingOf(
      [
        part({
          look: async () => {
            seen.push(context.log?.path ?? null);
            if (seen.length === 1) await opened;
          },
        }),
      ],
      {
        findLog: (_, { path }) => {
          asked.push(path);
          return Promise.resolve(logOf(path));
        },
        lookAt: () => Promise.resolve({ kind: "file", size: 1, changedMs: 1 }),
      },
    );
    const first = around.look();
    while (seen.length === 0) await Promise.resolve();
    const second = around.setLog({ ...DEFAULT_LOG_CHOICE, path: "/w/other" });
    open();
    await second;
    expect(around.log?.path).toBe("/w/other");
    expect(seen).toEqual([null, "/w/other"]);
    await first;
    expect(asked).toEqual([null, "/w/other"]);
  });

  it("closes the log it had when another one is active, and tells the parts before they look", async () => {
    const closed: string[] = [];
    const calls: string[] = [];
    const { around } = settingOf(
      [part({ logChanged: () => void calls.push("log"), look: () => Promise.resolve(void calls.push("look")) })],
      {
        findLog: (_, { path }) => Promise.resolve(logOf(path ?? "/w/first", closed)),
        lookAt: () => Promise.resolve({ kind: "file", size: 1, changedMs: 1 }),
      },
    );
    await around.look();
    await around.setLog({ ...DEFAULT_LOG_CHOICE, path: "/w/second" });
    expect(calls).toEqual(["log", "look", "log", "look"]);
    expect(closed).toEqual(["/w/first"]);
    await around.close();
    expect(closed).toEqual(["/w/first", "/w/second"]);
  });

  it("can be closed while it looks for the log: what is found then is closed too, and nothing is told or logged", async () => {
    const { opened, open } = gate();
    const closed: string[] = [];
    const setting = settingOf([part({ look: () => Promise.reject(new Error("cut off")) })], {
      findLog: () => opened.then(() => logOf("/w/log", closed)),
    });
    const looking = setting.around.look();
    await setting.around.close();
    open();
    await looking;
    expect(setting.context.signal.aborted).toBe(true);
    expect(closed).toEqual(["/w/log"]);
    setting.context.changed("tree");
    setting.pass();
    expect([setting.told, setting.logged]).toEqual([[], []]);
  });

  it("goes on when a part throws, and logs each fault once", async () => {
    const looked: string[] = [];
    const fail = (): never => {
      throw new Error("broken part");
    };
    const broken: AroundPart = {
      ...part(),
      look: fail,
      recordChanged: fail,
      logChanged: fail,
      treeSections: fail,
      rows: { rows: fail, count: fail },
      get openRequests() {
        return fail();
      },
      tables: [table("turns", [], { detail: fail, filePath: fail, locate: () => -1 })],
    };
    const sound = part({
      look: () => Promise.resolve(void looked.push("sound")),
      rows: { rows: () => [aroundRow("@turn:1", 1)], count: () => 1 },
      tables: [table("files")],
    });
    const { around, logged } = settingOf([broken, sound], { findLog: () => Promise.resolve(logOf("/w/log")) });
    await around.look();
    await around.look();
    expect(looked).toEqual(["sound", "sound"]);
    expect(around.rows(0).map(({ id }) => id)).toEqual(["@turn:1"]);
    expect(around.count("modelTurn")).toBe(1);
    expect(around.view).toMatchObject({ openRequests: [], tabs: [{ id: "turns" }, { id: "files" }] });
    expect(around.treeSections({ kind: "around", row: aroundRow("@x", null) })).toEqual([]);
    around.setState(around.state);
    await around.look();
    expect(around.view.tabs).toHaveLength(2);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("error What lies around /w/.harn-runs/run.json could not be looked at: Error: broken part");
    expect((await around.detail("@files:1"))?.detail.title).toBe("@files:1");
    await expect(around.detail("@sessions:1")).rejects.toThrow("broken part");
  });
});

describe("Around, telling", () => {
  it("tells many changes as one", () => {
    const setting = settingOf([part()], { monotonicMs: () => 0 });
    for (let time = 0; time < 5; time++) setting.context.changed(time === 3 ? "tree" : "table");
    expect(setting.pass()).toEqual([60]);
    expect(setting.told).toHaveLength(1);
    expect(setting.told[0]).toMatchObject({ version: 6, treeVersion: 2 });
    setting.context.changed("table");
    setting.pass();
    expect(setting.told.map(({ treeVersion }) => treeVersion)).toEqual([2, 2]);
  });

  it("tells the less often the longer it takes, so that growing rows do not keep the engine busy", () => {
    let now = 0;
    let cost = 1;
    const slow: AroundPart = {
      ...part(),
      get openRequests() {
        now += cost;
        return [];
      },
    };
    const setting = settingOf([slow], { monotonicMs: () => now });
    const waits = [1, 20, 5000, 0].map((next) => {
      cost = next;
      setting.context.changed("table");
      return setting.pass();
    });
    setting.context.changed("table");
    expect([...waits, setting.pass()]).toEqual([[60], [60], [200], [5000], [60]]);
  });
});

describe("Around, details", () => {
  it("keeps the details that were asked for last, and makes others anew", async () => {
    const made: string[] = [];
    const { around } = settingOf([part({ tables: [table("turns", made)] })]);
    for (let row = 0; row < 8; row++) await around.detail(`@turns:${row}`);
    await around.detailShown("@turns:0");
    await around.detail("@turns:8");
    made.length = 0;
    await around.detailShown("@turns:0");
    expect(made).toEqual([]);
    await around.detailShown("@turns:1");
    expect(made).toEqual(["@turns:1"]);
    await around.detail("@turns:0");
    expect(made).toEqual(["@turns:1", "@turns:0"]);
    expect(await around.detailShown("@files:0")).toBeNull();
  });

  it("makes them anew when the record is another", async () => {
    const made: string[] = [];
    const { around } = settingOf([part({ tables: [table("turns", made)] })]);
    await around.detail("@turns:0");
    around.setState(around.state);
    await around.detailShown("@turns:0");
    expect(made).toHaveLength(2);
  });

  it("leads a row of a table to its own row of the tree", () => {
    const row = (id: string, treeRow: string | null): TableRow => ({ id, level: 1, label: id, icon: "", cells: [], treeRow, opens: false });
    const window: AroundTable["window"] = () => ({
      start: 0,
      total: 5,
      all: 5,
      columns: [],
      filters: [],
      rows: [row("@turn:1", "stage:0"), row("@turn:2", "stage:0"), row("@turn:3", null), row("@turn:4", null), row("@turn:5", "child:3")],
      summary: "",
      sources: [],
      faults: [],
      progress: null,
    });
    const rows = new Map<number | null, readonly AroundRow[]>([
      [0, [aroundRow("@turn:1", 1)]],
      [null, [aroundRow("@turn:3", 1)]],
    ]);
    const { around } = settingOf([
      part({ tables: [table("turns", [], { window })], rows: { rows: (stage) => rows.get(stage) ?? [], count: () => 2 } }),
    ]);
    const answer = around.answer({ kind: "table", table: "turns", query: NO_QUERY, start: 0, count: 9 });
    expect(answer.rows.map(({ treeRow }) => treeRow)).toEqual(["stage:0/@turn:1", "stage:0", "run/@turn:3", null, "child:3"]);
    expect(around.answer({ kind: "table", table: "files", query: NO_QUERY, start: 0, count: 9 })).toMatchObject({ total: 0, rows: [] });
    expect(around.answer({ kind: "tableLocate", table: "files", query: NO_QUERY, rowId: "@x" })).toEqual({ index: -1 });
    expect(around.answer({ kind: "tableText", table: "files", query: NO_QUERY, format: "tsv" })).toEqual({ text: "", rows: 0, total: 0 });
  });
});

describe("StageRows", () => {
  it("gives the same array as long as nothing of that stage changed", () => {
    const lists = new Map([
      [0, [aroundRow("@turn:1", 5)]],
      [1, [aroundRow("@turn:2", 6)]],
    ]);
    const rows = new StageRows([{ rows: (stage) => lists.get(stage ?? -1) ?? [] }, { rows: (stage) => (stage === 0 ? FIXED : []) }]);
    const before = [rows.rows(0), rows.rows(1)];
    expect(before[0]?.map(({ id }) => id)).toEqual(["@event:1", "@turn:1"]);
    lists.get(0)?.push(aroundRow("@turn:3", 7));
    expect(rows.rows(0)).toBe(before[0]);
    rows.changed();
    expect(rows.rows(1)).toBe(before[1]);
    expect(rows.rows(0).map(({ id }) => id)).toEqual(["@event:1", "@turn:1", "@turn:3"]);
  });

  const FIXED = [aroundRow("@event:1", 2)];

  it("has every row once, in the order of time, those without one behind what they followed", () => {
    const list = fc.array(fc.option(fc.nat(20), { nil: null }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), (times) => {
        const lists = times.map((each, at) => each.map((ms, index) => aroundRow(`@${at}:${index}`, ms)));
        const merged = new StageRows(lists.map((each) => ({ rows: () => each }))).rows(null);
        expect(merged.map(({ id }) => id).sort()).toEqual(lists.flatMap((each) => each.map(({ id }) => id)).sort());
        const known = merged.flatMap(({ startMs }) => startMs ?? []);
        expect(known).toEqual([...known].sort((a, b) => a - b));
        const places = new Map(merged.map(({ id }, index) => [id, index]));
        for (const [at, each] of lists.entries()) {
          for (const [index, { startMs }] of each.entries()) {
            if (startMs === null && index > 0) expect(places.get(`@${at}:${index}`)).toBe((places.get(`@${at}:${index - 1}`) ?? -2) + 1);
          }
        }
      }),
    );
  });
});
