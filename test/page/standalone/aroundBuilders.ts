import type { AroundView, OpenRequest, SourceNote, TableCell, TableColumn, TableRow } from "../../../src/view/tables.ts";
import type { RowDetail, TriggerView } from "../../../src/view/types.ts";
import { header, opened, start, triageRecord } from "./builders.ts";
import type { FakeRecord } from "./FakeHost.ts";
import { FakeTable, type FakeTableOptions } from "./FakeTable.ts";

export function column(id: string, title: string, width: number, rest: Partial<TableColumn> = {}): TableColumn {
  return { id, title, width, align: "start", sortable: true, ...rest };
}

export function source(state: SourceNote["state"], rest: Partial<SourceNote> = {}): SourceNote {
  return {
    state,
    what: "event log",
    path: ".harn/events.sqlite",
    note: "Found from the record’s folder up. 1,812 events.",
    offer: null,
    ...rest,
  };
}

export function around(rest: Partial<AroundView> = {}): AroundView {
  return { version: 1, treeVersion: 1, tabs: [], openRequests: [], log: source("found"), ...rest };
}

export function openRequest(n: number, rest: Partial<OpenRequest> = {}): OpenRequest {
  return {
    rowId: `@question:${n}`,
    kind: "approval 1 of 2",
    prompt: "Roll back eu-west-1 now?",
    askedBy: "escalate",
    asked: { text: String(start / 1000 + 309), epochMs: start + 309_000 },
    ...rest,
  };
}

export const trigger: TriggerView = {
  provider: "pagerduty",
  kind: "incident.triggered",
  signature: "verified",
  eventId: "trigger_evt_0197f3c2",
  dedupeKey: "pd-incident-Q1",
  received: { text: String(start / 1000 - 4), epochMs: start - 4000 },
  traceId: "4f1c09aa7be24c1d9a3f5c8871e0b6d2",
  replayOf: "trigger_evt_0197aaaa",
  fault: null,
  offset: 812,
};

/** What a table's row shows in the pane unless a test says otherwise. */
export function tableDetail(row: TableRow, options: Partial<RowDetail>): RowDetail {
  return {
    rowId: row.id,
    kind: row.id.startsWith("@question")
      ? "question"
      : row.id.startsWith("@file")
        ? "file"
        : row.id.startsWith("@daemon")
          ? "daemon"
          : "modelTurn",
    title: row.label,
    subtitle: "",
    status: null,
    path: "llm_transcript.jsonl:12",
    offset: null,
    sections: [
      {
        kind: "fields",
        title: "",
        fields: [
          { name: "id", value: row.id },
          ...(row.treeRow === null ? [] : [{ name: "stage", value: "in the tree", link: { kind: "row", rowId: row.treeRow } } as const]),
        ],
      },
    ],
    raw: null,
    card: null,
    ...options,
  };
}

type Line = readonly [
  kind: string,
  asked: string,
  by: string,
  seconds: number,
  answer: string,
  waited: string,
  outcome: TableCell,
  found: string,
  treeRow: string | null,
];

const questionLines: readonly Line[] = [
  [
    "question",
    "“Which region is customer-facing?”",
    "ask-region · triage-agent",
    120,
    "on-call: “eu-west-1”",
    "41 s",
    { text: "answered", tone: "success" },
    "record + log",
    "stage:2/question:0",
  ],
  [
    "approval",
    "“Roll back eu-west-1 now?”",
    "escalate · commander",
    309,
    "1 of 2 — ops-lead: yes",
    "71 s …",
    { text: "open", tone: "waiting" },
    "log only",
    "stage:4/question:0",
  ],
  [
    "dual control",
    "“Drop the replica slot”",
    "escalate · commander",
    209,
    "two signatures, then run: ok",
    "1m 58s",
    { text: "executed", tone: "success" },
    "log only",
    null,
  ],
  [
    "escalation",
    "to incident commander",
    "escalate · commander",
    320,
    "accepted",
    "3 s",
    { text: "accepted", tone: "success" },
    "log only",
    null,
  ],
  [
    "question",
    "“Page the database team as well?”",
    "gather-evidence · log-scout",
    59,
    "nobody",
    "60 s",
    { text: "timed out", tone: "failure" },
    "record + log",
    "stage:1",
  ],
];

export function questionTable(rest: Partial<FakeTableOptions> = {}): FakeTable {
  return new FakeTable({
    columns: [
      column("kind", "Kind", 12),
      column("asked", "Asked", 28, { grows: true }),
      column("by", "By", 22),
      column("at", "At", 10),
      column("answer", "Answer", 24),
      column("waited", "Waited", 8, { align: "end" }),
      column("outcome", "Outcome", 12),
      column("found", "Found in", 12, { sortable: false }),
    ],
    filters: [
      { id: "kind", title: "Kind" },
      { id: "outcome", title: "Outcome" },
    ],
    count: questionLines.length,
    row: (index) => {
      const [kind, asked, by, seconds, answer, waited, outcome, found, treeRow] = questionLines[index]!;
      const at = start + seconds * 1000;
      return {
        id: `@question:${index}`,
        level: 1,
        label: asked,
        icon: "question",
        cells: [
          { text: kind, look: "tag" },
          { text: asked },
          { text: by, look: "dim" },
          { text: String(at / 1000), time: { text: String(at / 1000), epochMs: at } },
          { text: answer },
          { text: waited },
          outcome,
          { text: found, look: "dim" },
        ],
        treeRow,
        opens: false,
      };
    },
    summary: "5 asked · 3 answered · 1 timed out · 1 open · people were waited for 4m 53s of 6m 41s",
    sources: [source("found")],
    ...rest,
  });
}

/** `count` model turns; every third has a tool call below it. */
export function turnTable(count: number, rest: Partial<FakeTableOptions> = {}): FakeTable {
  return new FakeTable({
    columns: [
      column("turn", "Turn", 14),
      column("model", "Model", 22, { grows: true }),
      column("in", "In", 8, { align: "end" }),
      column("out", "Out", 8, { align: "end" }),
      column("stop", "Stop reason", 14),
    ],
    filters: [{ id: "stop", title: "Stop reason" }],
    count,
    row: (index) => {
      const isCall = index % 4 === 3;
      return {
        id: `@turn:${index}`,
        level: isCall ? 2 : 1,
        label: isCall ? `call ${index}` : `turn ${index}`,
        icon: isCall ? "tools" : "comment-discussion",
        cells: [
          { text: isCall ? `run_checks ${index}` : `turn ${index}` },
          { text: isCall ? "" : "model-a", look: "mono" },
          { text: isCall ? "" : String(1000 + (index % 977)) },
          { text: isCall ? "" : String(index % 311) },
          isCall ? { text: "error", tone: "failure" } : { text: index % 2 === 0 ? "end_turn" : "tool_use", look: "dim" },
        ],
        treeRow: index === 1 ? "stage:3" : null,
        opens: index === 2,
      };
    },
    summary: `${count.toLocaleString("en-US")} turns`,
    sources: [source("found", { what: "model transcript", path: "incident-triage-llm/llm_transcript.jsonl", note: "Read to its end." })],
    ...rest,
  });
}

export function fileTable(rest: Partial<FakeTableOptions> = {}): FakeTable {
  const files: readonly (readonly [string, string, TableCell])[] = [
    ["worker snapshot", ".harn/workers/worker_7f2c.json", { text: "present", tone: "success" }],
    ["child record", ".harn-runs/run_0197f3c4.json", { text: "present", tone: "success" }],
    ["child record", ".harn-runs/run_gone.json", { text: "absent", tone: "warning" }],
    ["replay fixture", "/etc/passwd", { text: "outside the workspace", tone: "warning" }],
  ];
  return new FakeTable({
    columns: [column("what", "What", 18), column("path", "Path", 30, { grows: true }), column("presence", "State", 22)],
    count: files.length,
    row: (index) => {
      const [what, path, presence] = files[index]!;
      return {
        id: `@file:${index}`,
        level: 1,
        label: path,
        icon: "file",
        cells: [{ text: what }, { text: path, look: "mono" }, presence],
        treeRow: index === 1 ? "stage:1/child:0" : null,
        opens: index < 2,
      };
    },
    summary: "4 files named · 2 present",
    sources: [
      source("found", { what: "base folder", path: ".", note: "Holds .harn-runs." }),
      source("outside", {
        note: "It lies outside of the workspace and is read only when you allow it.",
        path: "/var/log/harn/events.sqlite",
        offer: "allowLog",
      }),
      source("absent", { what: "worker snapshots", path: null, note: "No folder .harn/workers was found.", offer: "logSettings" }),
    ],
    faults: ["3 broken lines: 12, 40, 41", "worker_9.json: not JSON at byte 7"],
    ...rest,
  });
}

/** The run of the triage with all that lies around it. */
export function aroundRecord(options: Partial<FakeRecord> = {}): FakeRecord {
  const record = triageRecord();
  return {
    ...record,
    view: opened({ problemCount: 3, worstProblem: "error", header: header({ trigger }) }),
    around: around({
      tabs: [
        { id: "questions", count: 5, alert: "1 open" },
        { id: "turns", count: 412, alert: null },
        { id: "files", count: 4, alert: null },
      ],
      openRequests: [openRequest(1)],
    }),
    tables: { questions: questionTable(), turns: turnTable(412), files: fileTable() },
    ...options,
    details: {
      ...record.details,
      "stage:4/question:0": {
        sections: [
          {
            kind: "fields",
            title: "In the event log",
            fields: [{ name: "question", value: "1 of 2 answers", link: { kind: "tableRow", table: "questions", rowId: "@question:1" } }],
          },
        ],
      },
      ...options.details,
    },
  };
}
