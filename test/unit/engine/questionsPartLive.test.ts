import { describe, expect, it } from "vitest";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import type { AroundContext } from "../../../src/engine/around/AroundPart.ts";
import type { FoundLog } from "../../../src/engine/around/FoundLog.ts";
import { QuestionsPart } from "../../../src/engine/around/QuestionsPart.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { logEvent } from "../eventlog/support.ts";
import { readingOf } from "../view/readingOf.ts";
import { FakeLogView } from "./fakeLogView.ts";

const START = Date.UTC(2026, 0, 1, 10, 0, 0);
const at = (seconds: number): number => START + seconds * 1000;
const iso = (seconds: number): string => new Date(at(seconds)).toISOString();

const STAGE = { id: "s", node_id: "work", status: "running", started_at: iso(0), finished_at: null };

function stateOf(changes: Record<string, unknown> = {}): DocumentState {
  const record = { _type: "run_record", id: "r", status: "running", started_at: iso(0), stages: [STAGE], ...changes };
  return new DocumentState(readingOf(record), "r.json", 1);
}

const asked = (id: string, seconds: number, more: object = {}): LogEvent =>
  logEvent({
    kind: "hitl.question_asked",
    at: at(seconds),
    payload: { request_id: id, run_id: "r", requested_at: iso(seconds), agent: "", payload: { prompt: `${id}?` }, ...more },
  });
const response = (id: string, seconds: number, more: object = {}): LogEvent =>
  logEvent({ kind: "hitl.response_received", at: at(seconds), payload: { request_id: id, reviewer: "me", answer: "yes", ...more } });
const waitpoint = (status: string): LogEvent => logEvent({ kind: "waitpoint.state", payload: { status } });

/** A part on a log in memory, whose clock and record a test sets. */
class Live implements AroundContext {
  readonly place = { path: "/r.json", baseFolder: "/", workspaceFolder: "/" };
  readonly ports = { ...nodeEnginePorts(() => undefined), nowMs: () => this.now };
  readonly view: FakeLogView;
  readonly ending = new AbortController();
  readonly signal = this.ending.signal;
  readonly part: QuestionsPart;
  readonly changes: string[] = [];
  log: FoundLog | null;
  now = at(100);
  state: DocumentState;

  constructor(state = stateOf(), view: FakeLogView | null = new FakeLogView()) {
    this.state = state;
    this.view = view ?? new FakeLogView();
    this.log = {
      state: view === null ? "absent" : "found",
      backend: view === null ? null : "file",
      path: null,
      shown: null,
      note: "A note.",
      view,
    };
    this.part = new QuestionsPart(this);
  }

  get stages(): StageFinder {
    return new StageFinder(this.state.reading.record);
  }

  changed(what: "table" | "tree"): void {
    this.changes.push(what);
  }

  become(changes: Record<string, unknown>): void {
    this.state = stateOf(changes);
    this.part.recordChanged();
  }

  get window(): ReturnType<QuestionsPart["tables"][0]["window"]> {
    return this.part.tables[0].window(NO_QUERY, 0, 100);
  }

  /** Prompt, answer, time waited, outcome. */
  get rows(): string[] {
    const { rows, columns } = this.window;
    const places = ["asked", "answer", "waited", "outcome"].map((id) => columns.findIndex((column) => column.id === id));
    return rows.map(({ cells }) => places.map((place) => cells[place]?.text ?? "").join(" | "));
  }

  cells(id: string): string[] {
    const place = this.window.columns.findIndex((column) => column.id === id);
    return this.window.rows.map(({ cells }) => cells[place]?.text ?? "");
  }
}

describe("a log that grows", () => {
  it("is read on from where it was left, and not at all while it stays as it is", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    expect(live.rows).toEqual(["“a?” | nobody yet | 1m 30s … | open"]);
    const { length } = live.view.pages;
    await live.part.look();
    expect(live.view.pages.length).toBe(length);
    live.view.append("hitl.questions", response("a", 40), asked("b", 50));
    await live.part.look();
    expect(live.rows).toEqual(["“a?” | me: “yes” | 30 s | answered", "“b?” | nobody yet | 50 s … | open"]);
    expect(live.view.pages.slice(length)).toEqual(["hitl.questions", "hitl.responses"]);
    expect(live.part.tables[0].tab).toEqual({ id: "questions", count: 2, alert: "1 open" });
    expect(live.part.openRequests.map(({ prompt }) => prompt)).toEqual(["b?"]);
  });

  it("begins anew where a topic was replaced", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    live.view.replace("hitl.questions", asked("b", 20), asked("c", 30));
    await live.part.look();
    expect(live.cells("asked")).toEqual(["“b?”", "“c?”"]);
  });

  it("finds the answer of a host that was read before its question", async () => {
    const live = new Live();
    live.view.append("hitl.responses", response("a", 20));
    await live.part.look();
    expect(live.rows).toEqual([]);
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    expect(live.rows).toEqual(["“a?” | me: “yes” | 10 s | answered"]);
  });

  it("goes on reading behind the look, and shows what there is so far", async () => {
    const live = new Live();
    live.view.pageSize = 1;
    for (let index = 0; index < 40; index++) live.view.append("hitl.questions", asked(`q${index}`, index));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    live.view.before = () => (live.view.pages.length < 20 ? Promise.resolve() : held);
    await live.part.look();
    expect(live.window.progress).not.toBeNull();
    expect(live.rows.length).toBeGreaterThan(0);
    expect(live.rows.length).toBeLessThan(40);
    const whole = new Promise<void>((resolve) => {
      live.changed = () => {
        if (live.rows.length === 40 && live.window.progress === null) resolve();
      };
    });
    release();
    await whole;
    expect(live.window.progress).toBeNull();
  });

  it("ends with the document", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    live.ending.abort();
    await live.part.look();
    expect(live.view.pages.length).toBeLessThanOrEqual(1);
    expect(live.changes).toEqual([]);
  });

  it("tells the time so far anew, but seldom", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    live.changes.length = 0;
    live.now += 2000;
    await live.part.look();
    expect(live.changes).toEqual([]);
    live.now += 4000;
    await live.part.look();
    expect(live.changes).toEqual(["table"]);
  });
});

describe("what cannot be read", () => {
  it("does not hide the rest, and keeps the runtime from merging", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    live.view.faults.set("hitl.questions", [{ line: 2, id: null, message: "no event." }]);
    await live.part.look();
    expect(live.window.faults).toEqual(["hitl.questions line 2: no event."]);
    expect(live.rows.length).toBe(1);
    expect(live.cells("normalize")).toEqual(["–"]);
    const detail = await live.part.tables[0].detail("@question:a");
    expect(JSON.stringify(detail?.detail.sections)).toContain("The runtime gives up reading hitl.questions");
  });

  it("is said for a topic as a whole, and forgotten once it can be read", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    live.view.failures.set("hitl.approvals", "it is locked");
    await live.part.look();
    expect(live.window.faults).toEqual(["hitl.approvals cannot be read: it is locked"]);
    expect(live.cells("normalize")).toEqual(["would be added"]);
    live.view.failures.clear();
    await live.part.look();
    expect(live.window.faults).toEqual([]);
  });

  it("is a fault too where the log itself breaks", async () => {
    const live = new Live();
    live.view.before = () => Promise.reject(new Error("gone"));
    await live.part.look();
    expect(live.window.faults.join()).toContain("gone");
    live.view.before = () => Promise.resolve();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    expect(live.window.faults).toEqual([]);
    expect(live.rows.length).toBe(1);
  });
});

describe("the record", () => {
  const stored = (id: string, prompt: string): object => ({ request_id: id, prompt, agent: "", trace_id: null, asked_at: iso(5) });

  it("shows its own questions without any log, and says that no answer is known", async () => {
    const live = new Live(stateOf({ hitl_questions: [stored("a", "a?")] }), null);
    await live.part.look();
    expect(live.rows).toEqual(["“a?” | – | – | not known: no event log"]);
    expect(live.window.sources).toMatchObject([{ state: "absent", what: "event log" }]);
    expect(live.cells("found")).toEqual(["record only"]);
    expect(live.part.openRequests).toEqual([]);
  });

  it.each([
    ["unreadable", "the event log cannot be read"],
    ["outside", "the event log lies outside"],
    ["off", "no event log is read"],
  ] as const)("says why where the log is %s, also when that is found out later", async (state, why) => {
    const live = new Live(stateOf({ hitl_questions: [stored("a", "a?")] }), null);
    await live.part.look();
    if (live.log !== null) live.log = { ...live.log, state };
    await live.part.look();
    expect(live.cells("outcome")).toEqual([`not known: ${why}`]);
  });

  it("is no tab when nobody was asked, with an empty log or without one", async () => {
    const none = new Live(stateOf(), null);
    await none.part.look();
    expect(none.part.tables[0].tab).toBeNull();
    const empty = new Live();
    if (empty.log !== null) empty.log = { ...empty.log, state: "empty" };
    await empty.part.look();
    expect(empty.part.tables[0].tab).toBeNull();
  });

  it("is told by the log's version where the two differ", async () => {
    const live = new Live(stateOf({ hitl_questions: [stored("a", "Old?"), stored("z", "z?")] }));
    live.view.append("hitl.questions", asked("a", 5), asked("b", 6));
    await live.part.look();
    expect(live.cells("found")).toEqual(["record + log", "record only", "log only"]);
    expect(live.cells("normalize")).toEqual(["would be replaced", "–", "would be added"]);
    expect(live.cells("outcome")).toEqual(["open", "not known: not in the event log", "open"]);
    const detail = await live.part.tables[0].detail("@question:a");
    expect(JSON.stringify(detail?.detail.sections)).toContain("which differs in prompt.");
    expect(detail?.detail.offset).toBeGreaterThan(0);
  });

  it("decides what belongs to it: by run, by trace, by time", async () => {
    const live = new Live(stateOf({ metadata: { trace_id: "t" } }));
    live.view.append("hitl.questions", asked("run", 1), asked("trace", 2, { run_id: undefined, trace_id: "t" }));
    live.view.append("hitl.questions", asked("time", 3, { run_id: undefined }), asked("other", 4, { run_id: "x" }));
    await live.part.look();
    expect(live.cells("found")).toEqual(["log only", "log only, by trace", "log only, in the run’s time"]);
    expect(live.part.openRequests.length).toBe(2);
    expect(live.cells("normalize")).toEqual(["would be added", "–", "–"]);
  });

  it("ends what is open once it is over", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    live.become({ status: "failed", finished_at: iso(70) });
    expect(live.rows).toEqual(["“a?” | nobody | 1m 00s | never answered"]);
    expect(live.part.tables[0].tab?.alert).toBeNull();
    expect(live.window.summary).toBe("1 asked · 1 never answered · people were waited for 1m 00s of 1m 10s");
  });

  it("is read for anew where it is another run since", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10), asked("x", 20, { run_id: "x" }));
    await live.part.look();
    live.become({ id: "x" });
    await live.part.look();
    expect(live.cells("asked")).toEqual(["“x?”"]);
  });

  it("takes another log when that is the active one", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10));
    await live.part.look();
    const other = new FakeLogView().append("hitl.questions", asked("b", 10));
    if (live.log !== null) live.log = { ...live.log, view: other };
    live.part.logChanged();
    await live.part.look();
    expect(live.cells("asked")).toEqual(["“b?”"]);
  });
});

describe("waiting points", () => {
  it("tell that a request was taken back", async () => {
    const live = new Live();
    live.view.append("hitl.questions", asked("a", 10)).append("waitpoint.state.a", waitpoint("open"));
    await live.part.look();
    expect(live.cells("outcome")).toEqual(["open"]);
    live.view.append("waitpoint.state.a", waitpoint("cancelled"));
    await live.part.look();
    expect(live.rows).toEqual(["“a?” | nobody | – | cancelled"]);
    const detail = await live.part.tables[0].detail("@question:a");
    expect(detail?.detail.sections.map(({ title }) => title)).toContain("Waiting point");
  });
});

describe("the tree", () => {
  it("gains what only the log tells, below its stage", async () => {
    const live = new Live(stateOf({ hitl_questions: [{ request_id: "a", prompt: "a?", agent: "", trace_id: null, asked_at: iso(10) }] }));
    live.view.append("hitl.questions", asked("a", 10));
    live.view.append(
      "hitl.approvals",
      logEvent({
        kind: "hitl.approval_requested",
        at: at(20),
        payload: { request_id: "p", run_id: "r", payload: { action: "ship", quorum: 2 } },
      }),
      response("p", 30, { approved: true }),
    );
    await live.part.look();
    expect(live.part.rows.rows(0)).toEqual([
      expect.objectContaining({
        id: "@question:p",
        kind: "question",
        label: "“ship”",
        note: "approval · 1 of 2 — me: yes",
        status: { text: "open", tone: "waiting" },
        startMs: at(20),
        durationMs: null,
      }),
    ]);
    expect(live.changes.at(-1)).toBe("tree");
    const rows = live.part.rows.rows(0);
    live.view.append("hitl.questions", response("a", 40));
    await live.part.look();
    expect(live.changes.at(-1)).toBe("table");
    expect(live.part.rows.rows(0)).toBe(rows);
    expect(live.part.rows.count("question")).toBe(1);
  });

  it("tells of a stage whom it asked, and of a question what became of it", async () => {
    const question = { request_id: "a", prompt: "a?", agent: "", trace_id: null, asked_at: iso(10) };
    const live = new Live(stateOf({ hitl_questions: [question] }));
    live.view.append("hitl.questions", asked("a", 10), response("a", 40));
    await live.part.look();
    const { record } = live.state.reading;
    const [stage, stored] = [record.stages[0], record.hitl_questions[0]];
    if (stage === undefined || stored === undefined) throw new Error("no stage, or no question");
    expect(live.part.treeSections({ kind: "stage", index: 0, stage })).toMatchObject([
      {
        kind: "list",
        title: "Asked of people",
        items: [
          {
            name: "question",
            value: "“a?” · me: “yes” · answered · 30 s",
            link: { kind: "tableRow", table: "questions", rowId: "@question:a" },
          },
        ],
      },
    ]);
    expect(live.part.treeSections({ kind: "question", index: 0, question: stored })).toMatchObject([
      {
        kind: "fields",
        fields: [{ name: "outcome", value: "answered" }, { value: "me: “yes”" }, { value: "30 s" }, { value: "work" }, {}],
      },
    ]);
  });
});
