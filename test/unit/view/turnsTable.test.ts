import { describe, expect, it } from "vitest";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { stageOfTurn, turnRowId, turnStatus } from "../../../src/view/turns/TurnRow.ts";
import type { TurnRow, TurnsTableRow } from "../../../src/view/turns/TurnRow.ts";
import { turnsAlert, turnsSummary } from "../../../src/view/turns/turnsSummary.ts";
import { toolNames, TURNS_TABLE } from "../../../src/view/turns/turnsTable.ts";
import { stageTurnsSection, turnTreeRow } from "../../../src/view/turns/turnTreeRow.ts";
import { DAEMON_TABLE, daemonRow, daemonSummary } from "../../../src/view/daemon/daemonTable.ts";
import { assembled, daemonEvent, failure, message, request, response } from "../eventlog/sidecarBuilders.ts";
import { readingOf } from "./readingOf.ts";

type Lines = Parameters<typeof assembled>[0];

function rowsOf(lines: Lines, changes: Partial<TurnRow> = {}): TurnRow[] {
  return assembled(lines).turns.map((turn, index) => ({
    kind: "turn",
    id: turnRowId(turn),
    number: index + 1,
    numberInStage: index + 1,
    turn,
    stage: 0,
    stageName: "plan",
    span: null,
    runGoesOn: false,
    ...changes,
  }));
}

/** Cells of the named columns, joined by `|`. */
function texts(rows: readonly TurnsTableRow[], columns: readonly string[], query: Partial<typeof NO_QUERY> = {}): string[] {
  const model = new TableModel(TURNS_TABLE);
  model.set(rows);
  const window = model.window({ ...NO_QUERY, ...query }, 0, 100);
  return window.rows.map(({ cells }) => columns.map((id) => cells[window.columns.findIndex((column) => column.id === id)]?.text).join("|"));
}

const CALLS = [
  { id: "1", name: "grep" },
  { id: "2", name: "read" },
  { id: "3", name: "grep" },
];

describe("a row of the table of turns", () => {
  it("shows what the answer tells", () => {
    const rows = rowsOf([request("c"), response("c", { text: "I  look\nfirst.", tool_calls: CALLS, input_tokens: 1234 })]);
    const columns = ["number", "stage", "model", "said", "in", "out", "cached", "cost", "latency", "stop", "tools", "status"];
    expect(texts(rows, columns)).toEqual(["1|plan|sonnet|I look first.|1.2k|10|40|$0.50|2 s|end_turn|3 of 4|answered"]);
  });

  it("says – for what is not known, and nothing for what there cannot be yet", () => {
    const rows = rowsOf(
      [request("a"), response("a", { cost_usd: 0, input_tokens: null, response_ms: null, stop_reason: null }), request("b")],
      { stage: null },
    );
    const columns = ["stage", "in", "cost", "latency", "stop", "tools", "status"];
    expect(texts(rows, columns)).toEqual(["–|–|–|2 s|–|0 of 4|answered", "–|||||– of 4|no answer"]);
  });

  it.each<[what: string, lines: Lines, runGoesOn: boolean, status: string, tone: string]>([
    ["answered", [request("c"), response("c")], true, "answered", "success"],
    ["answered after tries", [request("c"), failure("c"), failure("c"), response("c")], false, "answered after 2 retries", "success"],
    ["open", [request("c")], true, "waiting", "running"],
    ["open, the run over", [request("c")], false, "no answer", "warning"],
    ["failed", [request("c"), failure("c", { status: "retries_exhausted" })], true, "error", "failure"],
    ["failed, and the run may try again", [request("c"), failure("c")], true, "trying again", "waiting"],
    ["failed, and nobody tried again", [request("c"), failure("c")], false, "error", "failure"],
    ["failed, and tried again", [request("c"), failure("c"), request("d")], false, "failed, tried again", "warning"],
  ])("%s", (_, lines, runGoesOn, text, tone) => {
    const [row] = rowsOf(lines, { runGoesOn });
    expect(row === undefined ? null : turnStatus(row)).toEqual({ text, tone });
  });

  it("tells in place of a text which tools were called, or why there is none", () => {
    const rows = rowsOf([
      request("a"),
      response("a", { text: "", tool_calls: CALLS }),
      request("b"),
      response("b", { text: null }),
      request("c"),
      failure("c"),
    ]);
    expect(texts(rows, ["said"])).toEqual(["grep × 2, read", "nothing", "overloaded"]);
  });

  it("shows deceptive text by its numbers", () => {
    expect(
      texts(rowsOf([request("a", { model: "gpt\u202e" }), response("a", { model: "", text: "a\u0000b" })]), ["model", "said"]),
    ).toEqual(["gpt\\u202e|a\\u0000b"]);
    expect(toolNames([{ name: "rm\u200b" }, { name: "" }])).toBe("rm\\u200b, without name");
  });
});

describe("the table of turns", () => {
  const rows: TurnsTableRow[] = [
    ...rowsOf([
      message("s"),
      request("a"),
      response("a", { tool_calls: CALLS, cost_usd: 0.25 }),
      request("b"),
      failure("b"),
      request("c", { model: "opus" }),
      response("c", { model: "opus", response_ms: 90_000, cost_usd: 0 }),
      request("d"),
      failure("d", { status: "error", reason: "auth_failure" }),
    ]),
    { kind: "other", id: "@line:9", line: { ref: { line: 9, offset: 0, length: 2, event: null }, type: "news", timestamp: "" } },
  ];

  it.each<[filter: string, value: string, numbers: string[]]>([
    ["stage", "0", ["1", "2", "3", "4"]],
    ["model", "opus", ["3"]],
    ["outcome", "ok", ["1", "3"]],
    ["outcome", "retried", ["2"]],
    ["outcome", "error", ["4"]],
    ["tools", "with", ["1"]],
    ["tools", "without", ["3"]],
    ["lineType", "news", [""]],
  ])("is filtered by %s %s", (filter, value, numbers) => {
    expect(texts(rows, ["number"], { filters: { [filter]: value } })).toEqual(numbers);
  });

  it.each<[words: string, numbers: string[]]>([
    ["OPUS", ["3"]],
    ["grep read", ["1"]],
    ["auth_failure", ["4"]],
    ["news", [""]],
    ["done", ["1", "3"]],
  ])("is searched for %j", (text, numbers) => {
    expect(texts(rows, ["number"], { text })).toEqual(numbers);
  });

  it("offers line types as a filter only where there are such lines", () => {
    const model = new TableModel(TURNS_TABLE);
    const offered = (): string[] => model.window(NO_QUERY, 0, 0).filters.map(({ id }) => id);
    model.set(rows);
    expect(offered()).toEqual(["stage", "model", "outcome", "tools", "lineType"]);
    model.set(rows.slice(0, 1));
    expect(offered()).toEqual(["stage", "model", "outcome", "tools"]);
  });

  it("is ordered by any fact, what has none last", () => {
    expect(texts(rows, ["number"], { sort: { column: "latency", descending: true } })).toEqual(["3", "1", "2", "4", ""]);
    expect(texts(rows, ["number"], { sort: { column: "cost", descending: false } })).toEqual(["1", "2", "3", "4", ""]);
  });

  it("is summed up", () => {
    expect(turnsSummary(rows)).toBe(
      "4 turns · 200 in · 20 out · 40 % cached · ≥ $0.25 · 1m 34s of model time · 2 errors · 1 retry · 1 line of unknown type",
    );
    expect(turnsSummary([])).toBe("");
    expect([turnsAlert(rows), turnsAlert(rows.slice(0, 3))]).toEqual(["1 failed", null]);
  });
});

describe("the stage of a turn", () => {
  const { record } = readingOf({
    _type: "run_record",
    stages: [
      { id: "one", started_at: "1750000000", finished_at: "1750000010", transcript: { id: "s1" } },
      { id: "two", started_at: "1750000005", finished_at: "1750000020", transcript: { id: "s2" } },
      { id: "three", started_at: "1750000030", finished_at: null, transcript: { id: "s3" } },
    ],
  });
  it.each<[what: string, session: string | null, at: string, stage: number | null]>([
    ["its session's, where stages overlap", "s1", "1750000006.000", 0],
    ["its session's, where stages overlap", "s2", "1750000006.000", 1],
    ["the one that went on, where the session's did not", "s1", "1750000015.000", 1],
    ["the one that still goes on", "s9", "1750009999.000", 2],
    ["its session's, where none went on", "s1", "1750000025.000", 0],
    ["its session's, where the time cannot be read", "s2", "soon", 1],
    ["none", null, "1750000025.000", null],
  ])("is %s (%s at %s)", (_, session, timestamp, stage) => {
    const [turn] = assembled([...(session === null ? [] : [message(session)]), request("c", { timestamp })]).turns;
    expect(turn === undefined ? null : stageOfTurn(turn, new StageFinder(record), record)).toBe(stage);
  });
});

describe("turns in the tree", () => {
  it("are rows with time, tokens and cost", () => {
    const [row] = rowsOf([request("c", { timestamp: "1750000001.250" }), response("c", { input_tokens: 1200, output_tokens: 340 })]);
    expect(row === undefined ? null : turnTreeRow(row)).toEqual({
      id: "@turn:c",
      kind: "modelTurn",
      label: "turn 1",
      note: "sonnet · 1.2k → 340 · done",
      status: { text: "answered", tone: "success" },
      startMs: 1750000001250,
      durationMs: 2000,
      tokens: 1540,
      cost: { usd: 0.5, atLeast: false },
    });
  });

  it("are listed in their stage's detail, the first five", () => {
    const rows = rowsOf(Array.from({ length: 7 }, (_, index) => request(`c${index}`)));
    const [section] = stageTurnsSection(rows);
    const items = section?.kind === "list" ? section.items : [];
    expect(items.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      ...[1, 2, 3, 4, 5].map((number) => `turn ${number}: sonnet · no answer`),
      "…: all 7",
    ]);
    expect(items.map(({ link }) => (link?.kind === "tableRow" ? link.rowId : null)).slice(4)).toEqual(["@turn:c4", "@turn:c0"]);
    expect(stageTurnsSection([])).toEqual([]);
  });
});

describe("the table of daemon events", () => {
  const rows = assembled([
    daemonEvent(),
    daemonEvent({ kind: "stopped", name: "", payload_summary: null }),
    { type: "daemon_event" },
  ]).daemonLines.map(daemonRow);

  it("shows each with its daemon, by name or else by id", () => {
    const model = new TableModel(DAEMON_TABLE);
    model.set(rows);
    const { rows: shown } = model.window(NO_QUERY, 0, 10);
    expect(shown.map(({ id, cells }) => [id, ...cells.map(({ text }) => text)])).toEqual([
      ["@daemon:1", "1750000004.000", "sorter", "triggered", "mail", ".harn/daemons/sorter"],
      ["@daemon:2", "1750000004.000", "daemon_1", "stopped", "", ".harn/daemons/sorter"],
      ["@daemon:3", "–", "–", "spawned", "", ""],
    ]);
  });

  it("is summed up", () => {
    expect(daemonSummary(rows.slice(0, 2))).toBe("1 daemon · 2 events · last: stopped");
    expect(daemonSummary([])).toBe("");
  });
});
