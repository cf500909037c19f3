import type {
  ChangeView,
  ChildCard,
  OpenedView,
  ProblemView,
  RowDetail,
  RowKind,
  RunHeader,
  SavePreview,
  StatusTone,
  StatusView,
  TreeRow,
} from "../../../src/view/types.ts";
import type { FakeRecord } from "./FakeHost.ts";
import { nodes, treeSource, type NodeOptions, type NodeSpec } from "./RowSource.ts";

/** 12 May 2026, 14:03:11 UTC. */
export const start = Date.UTC(2026, 4, 12, 14, 3, 11);

export function status(text: string, tone: StatusTone): StatusView {
  return { text, tone };
}
const success = status("success", "success");
const failed = status("failed", "failure");

const noCounts: Readonly<Record<RowKind, number>> = {
  stage: 0,
  attempt: 0,
  childRun: 0,
  modelTurn: 0,
  agentEvent: 0,
  compaction: 0,
  question: 0,
  toolCall: 0,
  artifact: 0,
  handoff: 0,
  transition: 0,
};

export function header(options: Partial<RunHeader> = {}): RunHeader {
  return {
    title: "Incident triage",
    workflowId: "incident-triage",
    runId: "run_0197f3c2-5a11-7c0e-9d42-6f1f03d2a91c",
    task: "Find out why eu-west-1 burns its error budget, and say what to do",
    status: status("waiting for a human", "waiting"),
    started: { text: "1778594591", epochMs: start },
    finished: null,
    durationMs: 401_000,
    tokensIn: 112_300,
    tokensOut: 16_100,
    cost: { usd: 0.82, atLeast: true },
    modelCalls: 41,
    childRuns: 5,
    parentRunId: "run_0196aa77",
    rootRunId: null,
    shape: "current",
    trigger: null,
    failure: null,
    counts: noCounts,
    ...options,
  };
}

export function opened(options: Partial<OpenedView> = {}): OpenedView {
  return {
    state: "record",
    fileName: "incident-triage.json",
    byteLength: 214_312,
    header: header(),
    notice: null,
    breakOffset: null,
    problemCount: 0,
    worstProblem: null,
    revision: 1,
    editable: true,
    ...options,
  };
}

export function problem(n: number, options: Partial<ProblemView> = {}): ProblemView {
  return {
    severity: n === 0 ? "error" : n < 3 ? "warning" : "info",
    code: "wrongType",
    message: `Problem ${n}: usage.total_cost is a text, a number was expected`,
    path: `stages[${n}].usage.total_cost`,
    offset: 100 * n,
    line: 10 + n,
    column: 7,
    rowId: null,
    ...options,
  };
}

/** What a stage's pane shows unless a test says otherwise. */
export function plainDetail(row: TreeRow, options: Partial<RowDetail>): RowDetail {
  return {
    rowId: row.id,
    kind: row.kind,
    title: row.label,
    subtitle: row.note,
    status: row.status,
    path: row.id.replace(/:(\d+)/g, "s[$1]").replaceAll("/", "."),
    offset: 4242,
    sections: [
      {
        kind: "fields",
        title: "",
        fields: [
          { name: "id", value: row.id },
          ...(row.startMs === null
            ? []
            : [{ name: "started", value: "", time: { text: String(row.startMs / 1000), epochMs: row.startMs } }]),
        ],
      },
    ],
    raw: {
      head: `{\n      "id": "${row.id}",\n      "status": "success",\n      "visits": 1,\n      "cached": false\n    }`,
      length: 0,
      ref: null,
    },
    card: null,
    ...options,
  };
}

interface Span {
  readonly from?: number;
  readonly seconds?: number | null;
}

function at(
  kind: RowKind,
  label: string,
  note: string,
  state: StatusView | null,
  { from, seconds = null }: Span,
  rest: NodeOptions = {},
): NodeOptions {
  return {
    kind,
    label,
    note,
    status: state,
    startMs: from === undefined ? null : start + from * 1000,
    durationMs: seconds === null ? null : seconds * 1000,
    ...rest,
  };
}

function spent(tokens: number, usd: number, rest: NodeOptions = {}): NodeOptions {
  return { tokens, cost: { usd, atLeast: false }, ...rest };
}

/** A run with a row of every kind and every tone. */
export function triageSpecs(): NodeSpec[] {
  return [
    [
      "stage:0",
      at(
        "stage",
        "plan",
        "1 of 8",
        success,
        { from: 0, seconds: 31 },
        spent(12_100, 0.07, {
          expanded: true,
          children: [
            ["stage:0/tool:0", at("toolCall", "read_file", "docs/runbook.md", status("12 ms", "success"), { from: 8, seconds: 0.012 })],
            [
              "stage:0/compaction:0",
              at("compaction", "compaction", "9.0k → 1.2k tokens, −87 %", status("snapshot kept", "neutral"), { from: 24 }),
            ],
            ["stage:0/artifact:0", at("artifact", "triage-plan.md", "plan · 2.1 kB", null, {})],
          ],
        }),
      ),
    ],
    ["transition:0", at("transition", "plan → gather-evidence", "success", null, { from: 31 })],
    [
      "stage:1",
      at(
        "stage",
        "gather-evidence",
        "2 of 8 · 3 in parallel",
        success,
        { from: 31, seconds: 88 },
        spent(48_900, 0.31, {
          expanded: true,
          children: [
            [
              "stage:1/child:0",
              at("childRun", "log-scout", "worker_7f2c · 6 stages", success, { from: 34, seconds: 70 }, spent(18_200, 0.11)),
            ],
            [
              "stage:1/child:1",
              at("childRun", "metrics-scout", "worker_91aa · 4 stages", success, { from: 34, seconds: 54 }, spent(14_000, 0.0039)),
            ],
            [
              "stage:1/child:2",
              at(
                "childRun",
                "deploy-scout",
                "record file is missing",
                status("file missing", "warning"),
                { from: 34, seconds: 26 },
                { problems: 1 },
              ),
            ],
          ],
        }),
      ),
    ],
    [
      "stage:2",
      at(
        "stage",
        "ask-region",
        "3 of 8",
        success,
        { from: 119, seconds: 47 },
        spent(2_200, 0.01, {
          expanded: true,
          children: [
            [
              "stage:2/question:0",
              at("question", "“Which region is customer-facing?”", "answered by on-call", status("answered", "success"), {
                from: 120,
                seconds: 41,
              }),
            ],
          ],
        }),
      ),
    ],
    [
      "stage:3",
      at(
        "stage",
        "verify-fix",
        "5 of 8 · 2 attempts",
        failed,
        { from: 170, seconds: 130 },
        spent(31_500, 0.22, {
          expanded: true,
          problems: 2,
          children: [
            [
              "stage:3/attempt:0",
              at(
                "attempt",
                "attempt 1",
                "timeout after 60 s",
                failed,
                { from: 170, seconds: 62 },
                spent(12_000, 0.08, {
                  children: [
                    [
                      "stage:3/attempt:0/tool:0",
                      at("toolCall", "run_checks", "", status("timeout", "failure"), { from: 172, seconds: 60 }),
                    ],
                  ],
                }),
              ),
            ],
            [
              "stage:3/attempt:1",
              at(
                "attempt",
                "attempt 2",
                "2 of 5 checks failed",
                failed,
                { from: 236, seconds: 64 },
                spent(19_500, 0.14, {
                  expanded: true,
                  children: [
                    [
                      "stage:3/attempt:1/tool:0",
                      at("toolCall", "run_checks", '{ suite: "smoke" }', status("error", "failure"), { from: 262, seconds: 35 }),
                    ],
                  ],
                }),
              ),
            ],
          ],
        }),
      ),
    ],
    [
      "stage:4",
      at(
        "stage",
        "escalate",
        "6 of 8",
        status("running", "running"),
        { from: 300 },
        spent(900, 0.01, {
          expanded: true,
          children: [
            [
              "stage:4/question:0",
              at("question", "“Roll back eu-west-1 now?”", "approval · 1 of 2", status("needs answer", "waiting"), { from: 305 }),
            ],
            ["stage:4/handoff:0", at("handoff", "to incident commander", "3 open questions", null, { from: 318 })],
          ],
        }),
      ),
    ],
    ["stage:5", at("stage", "publish", "not reached", status("pending", "neutral"), {})],
  ];
}

export const scoutCard: ChildCard = {
  title: "log-scout",
  status: success,
  fields: [
    { name: "worker", value: "worker_7f2c" },
    { name: "task", value: "Read the logs of eu-west-1 between 13:40 and 14:00 and list new error classes" },
    { name: "parent stage", value: "gather-evidence", link: { kind: "row", rowId: "stage:1" } },
    { name: "mutation scope", value: "read only" },
    { name: "approval", value: "auto for read, ask for write" },
    { name: "started", value: "", time: { text: String(start / 1000 + 34), epochMs: start + 34_000 } },
    { name: "duration", value: "1m 10s" },
    { name: "run", value: "run_0197f3c4-11aa", link: { kind: "childRecord", rowId: "stage:1/child:0" } },
  ],
  record: "present",
  recordNote: ".harn-runs/run_0197f3c4.json",
};

/** The run above as a record of the fake host. */
export function triageRecord(options: Partial<FakeRecord> = {}): FakeRecord {
  const problems = Array.from({ length: 3 }, (_, n) => problem(n, n === 0 ? { rowId: "stage:3" } : {}));
  const failedRaw = `{
      "id": "stage_verify",
      "node_id": "verify-fix",
      "status": "failed",
      "outcome": "verification_failed",
      "usage": { "input_tokens": 28400, "total_cost": 0.22 },
      "verification": null,
      "attempts": [
        { "attempt": 1, "status": "failed", "error": "timeout after 60 s" },
        { "attempt": 2, "status": "failed", "error": "2 of 5 checks failed" }
      ]
    }`;
  return {
    view: opened({ problemCount: problems.length, worstProblem: "error" }),
    rows: treeSource(nodes(triageSpecs())),
    axis: { startMs: start, endMs: start + 401_000 },
    problems,
    cards: { "stage:1/child:0": scoutCard },
    details: {
      "stage:3": {
        subtitle: "verify · 2 attempts · 2m 10s · 31.5k tokens · $0.22",
        sections: [
          {
            kind: "fields",
            title: "",
            fields: [
              { name: "node", value: "verify-fix" },
              { name: "outcome", value: "verification_failed", tone: "failure" },
              { name: "branch", value: "failed" },
              { name: "started", value: "", time: { text: "1778594761", epochMs: start + 170_000 } },
              { name: "finished", value: "", time: { text: "1778594891", epochMs: start + 300_000 } },
              { name: "next", value: "escalate", link: { kind: "row", rowId: "stage:4" } },
            ],
          },
          {
            kind: "list",
            title: "Checks",
            items: [
              { name: "", value: "latency p99 under 400 ms", tone: "success" },
              { name: "", value: "no new error class", tone: "success" },
              { name: "", value: "error budget still burning in eu-west-1", tone: "failure" },
              { name: "", value: "queue depth above 10 000", tone: "failure" },
            ],
          },
          {
            kind: "text",
            title: "Visible text",
            format: "plain",
            text: {
              head: "The canary is healthy, but eu-west-1 still burns its budget at 3.1×. I will run the smoke suite once more before asking for a roll-back.",
              length: 137,
              ref: null,
            },
          },
        ],
        raw: { head: failedRaw, length: failedRaw.length, ref: null },
      },
      "stage:1/child:0": { card: scoutCard, sections: [{ kind: "fields", title: "", fields: scoutCard.fields }] },
    },
    ...options,
  };
}

export function change(group: ChangeView["group"], path: string, before: string | null, after: string | null, why: string): ChangeView {
  return { group, change: before === null ? "added" : after === null ? "removed" : "changed", path, before, after, why };
}

export function preview(options: Partial<SavePreview> = {}): SavePreview {
  const changes = options.changes ?? [
    change("filled", "replay_fixture", null, "{ 8 stage assertions }", "the run had none: one is made from its stages"),
    change("filled", "persisted_path", "null", '".harn-runs/incident-triage.json"', "where the record is stored"),
    change(
      "merged",
      "child_runs[2]",
      null,
      "{ worker_91aa “metrics-scout” }",
      "stages[1].metadata.worker names a worker that is not listed",
    ),
    change(
      "merged",
      "child_runs[0].run_path",
      "null",
      '".harn-runs/run_0197f3c4.json"',
      "missing here, known in stages[1].metadata.worker",
    ),
    change("derived", "observability.compaction_events", "3 events", "4 events", "the stored part is older than the transcripts"),
    change("derived", "observability.action_graph_edges", "11 edges", "13 edges", "two workers delegated by gather-evidence"),
    change("runtimeOnly", "stages[2].usage.total_cost", "0.0038729999999999997", "0.003873", "the runtime’s reader rounds; kept as it is"),
    change("runtimeOnly", "stages[3].review_note", '"keep"', null, "the runtime does not know this field; kept as it is"),
  ];
  const count = (group: ChangeView["group"]): number => changes.filter((each) => each.group === group).length;
  return {
    operation: "resave",
    fidelity: "lossless",
    token: "token-1",
    changes,
    totals: {
      filled: count("filled"),
      merged: count("merged"),
      derived: count("derived"),
      rewritten: count("rewritten"),
      lost: count("lost"),
      runtimeOnly: count("runtimeOnly"),
    },
    unchanged: false,
    bytesBefore: 214_312,
    bytesAfter: 216_090,
    notes: [],
    rederive: { offered: false, on: false },
    targetPath: "/project/.harn-runs/incident-triage.json",
    ...options,
  };
}
