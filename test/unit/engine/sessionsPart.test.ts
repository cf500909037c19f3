import { describe, expect, it } from "vitest";
import type { AroundContext } from "../../../src/engine/around/AroundPart.ts";
import type { FoundLog } from "../../../src/engine/around/FoundLog.ts";
import { SessionsPart } from "../../../src/engine/around/SessionsPart.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { LogView, PlacedEvent, TopicCursor, TopicPageRead } from "../../../src/eventlog/LogView.ts";
import { scan } from "../../../src/json/scan.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableWindow } from "../../../src/view/tables.ts";
import { sliceOfText } from "../eventlog/support.ts";
import { sampleRecord } from "./engineHarness.ts";
import { MemoryLogView } from "./sessionsPartLog.ts";
import type { EventGiven } from "./sessionsPartLog.ts";

const START = 1_750_000_000_000;

/** A record whose one stage has the session `s:1`; its transcript tells of the tool call `known`. */
function recordWith(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const record = sampleRecord(changes);
  const stages = record["stages"] as Record<string, unknown>[];
  for (const stage of stages) {
    stage["transcript"] ??= {
      _type: "transcript",
      id: "s:1",
      messages: [{ role: "assistant", content: [{ type: "tool_use", id: "known", name: "read", input: {} }] }],
      events: [{ id: "c", kind: "compaction", metadata: { estimated_tokens_before: 10, estimated_tokens_after: 5 } }],
    };
  }
  return record;
}

function stateOf(record: Readonly<Record<string, unknown>>): DocumentState {
  return new DocumentState(readRecord(scan(new TextEncoder().encode(JSON.stringify(record)))), "x.json", 1);
}

class Harness {
  readonly view: MemoryLogView;
  readonly ending = new AbortController();
  readonly told: ("table" | "tree")[] = [];
  readonly part: SessionsPart;
  log: FoundLog | null;
  state: DocumentState;

  constructor(view = new MemoryLogView(), record: Readonly<Record<string, unknown>> = recordWith()) {
    this.view = view;
    this.log = foundLog(view);
    this.state = stateOf(record);
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the context's members are asked for each time
    const harness = this;
    const context: AroundContext = {
      place: { path: "/w/x.json", baseFolder: "/w", workspaceFolder: "/w" },
      ports: { ...nodeEnginePorts(() => undefined), pause: () => Promise.resolve() },
      get state() {
        return harness.state;
      },
      get stages() {
        return harness.#stages();
      },
      get log() {
        return harness.log;
      },
      signal: this.ending.signal,
      changed: (what) => void this.told.push(what),
    };
    this.part = new SessionsPart(context);
  }

  #finder: { readonly state: DocumentState; readonly finder: StageFinder } | null = null;

  #stages(): StageFinder {
    if (this.#finder?.state !== this.state) this.#finder = { state: this.state, finder: new StageFinder(this.state.reading.record) };
    return this.#finder.finder;
  }

  async look(): Promise<TableWindow> {
    await this.part.look();
    await this.settled();
    return this.window();
  }

  async settled(): Promise<void> {
    let reading: Promise<void> | null = null;
    while (reading !== this.part.reading) {
      reading = this.part.reading;
      await reading;
    }
  }

  window(filters: Readonly<Record<string, string>> = {}): TableWindow {
    return this.part.tables[0].window({ ...NO_QUERY, filters }, 0, 300);
  }

  /** Level, second column and status of each row. */
  rows(window = this.window()): string[] {
    return window.rows.map(({ level, cells }) => `${level} ${cells[1]?.text ?? ""}${cells[3]?.text ? ` (${cells[3].text})` : ""}`);
  }
}

function foundLog(view: LogView): FoundLog {
  return { state: "found", backend: "sqlite", path: "/w/.harn/events.sqlite", shown: ".harn/events.sqlite", note: "Found.", view };
}

const message = (at: number, content = "hi"): EventGiven => ({ type: "agent_message_chunk", at: START + at, fields: { content } });
const toolCall = (at: number, id: string): EventGiven => ({
  type: "tool_call",
  at: START + at,
  fields: { tool_call_id: id, tool_name: "read", kind: null, status: "pending", raw_input: {} },
});
const toolDone = (at: number, id: string, status = "completed"): EventGiven => ({
  type: "tool_call_update",
  at: START + at,
  fields: { tool_call_id: id, tool_name: "read", status, raw_output: null, error: null },
});
const checkpoint = (at: number): EventGiven => ({
  type: "loop_checkpoint",
  at: START + at,
  fields: { iteration: 1, kind: "k", delivered: 0 },
});
const compaction = (at: number, before: number, after: number): EventGiven => ({
  type: "transcript_compacted",
  at: START + at,
  fields: {
    mode: "auto",
    reason: "threshold",
    strategy: "llm",
    archived_messages: 1,
    estimated_tokens_before: before,
    estimated_tokens_after: after,
    snapshot_asset_id: null,
  },
});
const feedback = (at: number): EventGiven => ({ type: "feedback_injected", at: START + at, fields: { kind: "nudge", content: "go on" } });

describe("which sessions are the run's", () => {
  it("those the record names, those of its children's workers, and those that began in its time", async () => {
    const harness = new Harness();
    harness.view
      .add("s:1", [message(2000)])
      .add("worker_session_w1_investigate", [message(3000)])
      .add("other", [message(4000)])
      .add("yesterday", [message(-86_400_000)])
      .add("tomorrow", [message(86_400_000)]);
    const window = await harness.look();
    expect(
      window.rows.filter(({ level }) => level === 1).map(({ cells, treeRow }) => [cells[1]?.text, cells[2]?.text.split(" · ")[0], treeRow]),
    ).toEqual([
      ["plan · s:1", "named by the record", "stage:0"],
      ["helper · worker_session_w1_investigate", "worker of child helper", "child:0"],
      ["plan · other", "in the run’s time", "stage:0"],
    ]);
    expect(window.summary).toBe("3 sessions · 3 events · chain intact");
    expect(window.progress).toBeNull();
  });

  it("tells sessions apart that share a topic, and leaves another run's out", async () => {
    const harness = new Harness();
    harness.view
      .add("s:1", [message(1)])
      .add("s/1", [message(2)])
      .add("s|1", [message(-86_400_000)]);
    await harness.look();
    expect([...harness.view.topicsHeld.keys()]).toEqual(["observability.agent_events.s_1"]);
    const sessions = harness.window().rows.filter(({ level }) => level === 1);
    expect(sessions.map(({ cells }) => cells[1]?.text)).toEqual(["plan · s:1", "s/1"]);
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(2);
  });

  it("lists what a parent's topic repeats with its own session, once", async () => {
    const child = [
      { ...message(5), session: "child" },
      { ...toolCall(6, "t"), session: "child" },
    ];
    const harness = new Harness();
    const repeated = child.map((given) => ({ ...given, headers: { session_id: "s:1" } }));
    harness.view.add("s:1", [message(4), ...repeated]);
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message", "1 child (chain intact)", "2 Message", "2 read (pending)"]);
    expect(harness.window().rows[2]?.cells[2]?.text).toContain("known by another session’s topic only");
    harness.view.add("child", child);
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message", "1 child (chain intact)", "2 Message", "2 read (pending)"]);
    expect(harness.window().rows[2]?.cells[2]?.text).not.toContain("only");
  });

  it("asks anew when the record changes", async () => {
    const harness = new Harness(new MemoryLogView(), recordWith({ finished_at: null }));
    harness.view.add("s:1", [message(1)]).add("late", [message(60_000)]);
    await harness.look();
    expect(harness.rows()).toHaveLength(4);
    harness.state = stateOf(recordWith());
    harness.part.recordChanged();
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message"]);
    harness.state = stateOf(recordWith({ finished_at: "1750000100" }));
    harness.part.recordChanged();
    await harness.look();
    expect(harness.rows()).toHaveLength(4);
  });
});

describe("reading on", () => {
  it("finds what was appended, and says so only then", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [toolCall(1, "t")]);
    await harness.look();
    const told = harness.told.length;
    await harness.look();
    await harness.look();
    expect(harness.told).toHaveLength(told);
    harness.view.add("hitl", [message(-86_400_000)]);
    await harness.look();
    expect(harness.told).toHaveLength(told);
    harness.view.add("s:1", [toolDone(50, "t", "failed")]);
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 read (failed)"]);
    expect(harness.told.length).toBeGreaterThan(told);
  });

  it("begins again when a topic was emptied and written anew", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [message(1), message(2), toolCall(3, "t")]);
    await harness.look();
    const topic = harness.view.topic("observability.agent_events.s_1");
    topic.events = [];
    harness.view.add("s:1", [message(9, "anew")]);
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message"]);
    expect(harness.window().rows[1]?.cells[2]?.text).toBe("anew");
  });

  it("drops what was read when the log is another one, also in the middle of reading", async () => {
    const harness = new Harness();
    harness.view.pageLimit = 1;
    harness.view.add("s:1", [message(1, "old"), toolCall(2, "a"), toolCall(3, "b")]);
    const other = new MemoryLogView().add("s:1", [message(1, "new")]);
    harness.view.beforeRead = () => {
      harness.log = foundLog(other);
      harness.part.logChanged();
    };
    await harness.look();
    await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message"]);
    expect(harness.window().rows[1]?.cells[2]?.text).toBe("new");
    harness.log = { ...foundLog(other), state: "absent", view: null };
    harness.part.logChanged();
    expect((await harness.look()).all).toBe(0);
    expect(harness.part.tables[0].tab).toBeNull();
  });

  it("stops when the document is closed", async () => {
    const harness = new Harness();
    harness.view.pageLimit = 1;
    harness.view.add("s:1", [message(1), toolCall(2, "a"), toolCall(3, "b")]);
    harness.view.beforeRead = () => {
      harness.ending.abort();
    };
    await harness.look();
    expect(harness.view.reads).toBe(1);
  });

  it("shows rows while it reads, with how far it is", async () => {
    const harness = new Harness();
    harness.view.pageLimit = 100;
    harness.view.add(
      "s:1",
      Array.from({ length: 1000 }, (_, index) => toolCall(index, `t${index}`)),
    );
    const seen: [number, TableWindow["progress"]][] = [];
    harness.view.beforeRead = () => seen.push([harness.window().all, harness.window().progress]);
    await harness.look();
    expect(seen.some(([rows, progress]) => rows > 1 && rows < 1001 && progress !== null && progress.done > 0)).toBe(true);
    expect(harness.window().all).toBe(1001);
  });
});

describe("what cannot be read", () => {
  it("is named, and the rest is read", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [message(1)]).add("broken", [message(2)]);
    harness.view.topic("observability.agent_events.broken").failure = "database disk image is malformed";
    harness.view.topic("observability.agent_events.s_1").faults = [{ line: 4, id: null, message: "It is no JSON." }];
    harness.view.oddNames.push("observability.agent_events.a b");
    const window = await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message"]);
    expect(window.faults).toEqual([
      "broken: database disk image is malformed",
      "s_1, line 4: It is no JSON.",
      "A topic is left out: topic 'observability.agent_events.a b' contains unsupported characters",
    ]);
    harness.view.topic("observability.agent_events.broken").failure = null;
    expect((await harness.look()).faults).toHaveLength(2);
    expect(harness.rows()).toHaveLength(4);
  });

  it("may be the list of topics", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [message(1)]);
    harness.view.listing = { ok: false, message: "the database is locked" };
    expect((await harness.look()).faults).toEqual(["The agent sessions cannot be read: the database is locked"]);
    expect(harness.part.tables[0].tab?.count).toBe(0);
    harness.view.listing = null;
    expect((await harness.look()).faults).toEqual([]);
    expect(harness.rows()).toHaveLength(2);
  });

  it("may be a topic that was deleted", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [message(1)]).add("other", [message(2)]);
    await harness.look();
    harness.view.remove("observability.agent_events.other");
    const window = await harness.look();
    expect(harness.rows()).toEqual(["1 plan · s:1 (chain intact)", "2 Message"]);
    expect(window.faults).toEqual(["observability.agent_events.other is no longer in the log."]);
  });

  it("says of a chain what is wrong with it", async () => {
    const harness = new Harness();
    harness.view
      .add("s:1", [message(1), toolCall(2, "a"), toolCall(3, "b")])
      .add("cut", [toolCall(4, "c"), toolCall(5, "d"), toolCall(6, "e"), toolCall(7, "f")])
      .add("plain", [{ ...message(8), unsigned: true }]);
    const topic = harness.view.topic("observability.agent_events.s_1");
    topic.events = topic.events.map((event, at) => (at === 1 ? { ...event, occurredAtMs: event.occurredAtMs + 1n } : event));
    const cut = harness.view.topic("observability.agent_events.cut");
    cut.events = cut.events.filter((_, at) => at !== 1);
    const window = await harness.look();
    expect(window.rows.filter(({ level }) => level === 1).map(({ cells }) => [cells[3]?.text, cells[3]?.tone])).toEqual([
      ["changed at 2", "failure"],
      ["events gone before 3", "warning"],
      ["unsigned", "neutral"],
    ]);
    expect(window.summary).toContain("chain broken in 1 of 3");
    const detail = await harness.part.tables[0].detail("@session:cut");
    expect(JSON.stringify(detail?.detail.sections)).toContain("Some events were removed before event 3.");
  });
});

describe("rows of the tree", () => {
  it("are what the record does not tell", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [
      message(1000),
      toolCall(1100, "known"),
      toolCall(1200, "lost"),
      compaction(1300, 10, 5),
      compaction(1400, 20, 8),
      feedback(1500),
      checkpoint(1600),
    ]);
    await harness.look();
    expect(harness.part.rows.rows(0).map(({ kind, label, note }) => [kind, label, note.split(" · ")[0]])).toEqual([
      ["toolCall", "read", "{}"],
      ["agentEvent", "Compaction", "20 → 8 tokens"],
      ["agentEvent", "Feedback: nudge", "go on"],
    ]);
    expect([harness.part.rows.count("agentEvent"), harness.part.rows.count("toolCall")]).toEqual([2, 1]);
    expect(harness.part.rows.rows(0)).toBe(harness.part.rows.rows(0));
    const ids = harness.part.rows.rows(0).map(({ id }) => id);
    expect(await Promise.all(ids.map(async (id) => (await harness.part.tables[0].detail(id))?.detail.rowId))).toEqual(ids);
  });

  it("lead from a tool call to its row, and back", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [toolCall(1100, "known"), toolDone(1300, "known")]);
    const [, entry] = (await harness.look()).rows;
    expect(entry?.treeRow).toBe("stage:0/tool:0");
    const detail = (await harness.part.tables[0].detail(entry?.id ?? ""))?.detail;
    expect(JSON.stringify(detail?.sections)).toContain('"rowId":"stage:0/tool:0"');
    const [stage] = harness.state.tree.roots;
    const row = harness.state.tree.find("stage:0/tool:0");
    if (row === null || stage === undefined) throw new Error("no rows");
    expect(JSON.stringify(harness.part.treeSections(row.source))).toContain(JSON.stringify(entry?.id));
    expect(JSON.stringify(harness.part.treeSections(stage.source))).toContain("@session:s_1/s:1");
  });

  it("leave out human requests that the part of all questions shows", async () => {
    const asked = (id: string): EventGiven => ({
      type: "hitl_requested",
      at: START + 1000,
      fields: { request_id: id, kind: "question", payload: { prompt: "?" } },
    });
    const harness = new Harness();
    harness.view.add("s:1", [asked("hitl_question_1"), asked("hitl_approval_1")]).add("x", [], "hitl.questions");
    await harness.look();
    expect(harness.part.rows.rows(0).map(({ id }) => id)).toEqual(["@event:s_1/2"]);
  });
});

describe("details", () => {
  it("hold all of each event, with its headers and its place in the chain", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [toolCall(1, "t"), toolDone(900, "t", "failed")]);
    await harness.look();
    const found = await harness.part.tables[0].detail("@event:s_1/1");
    expect(found?.tapes).toHaveLength(2);
    expect(found?.detail).toMatchObject({
      title: "read",
      status: { text: "failed" },
      kind: "toolCall",
      path: "observability.agent_events.s_1:1…2",
    });
    const text = JSON.stringify(found?.detail.sections);
    for (const part of [
      "tool_call (event 1)",
      "tool_call_update (event 2)",
      "header session_id",
      "the chain starts here",
      "follows the event before it",
      "payload of event 2",
    ])
      expect(text).toContain(part);
  });

  it("say when the log has an event no more, or cannot be read", async () => {
    const harness = new Harness();
    harness.view.add("s:1", [message(1), toolCall(2, "t")]);
    await harness.look();
    const topic = harness.view.topic("observability.agent_events.s_1");
    topic.events = topic.events.slice(1);
    expect(JSON.stringify((await harness.part.tables[0].detail("@event:s_1/1"))?.detail.sections)).toContain("The log has it no more.");
    topic.failure = "It is locked.";
    expect(JSON.stringify((await harness.part.tables[0].detail("@event:s_1/2"))?.detail.sections)).toContain("It is locked.");
    expect(await harness.part.tables[0].detail("@event:s_1/99")).toBeNull();
  });

  it("give a message that came in chunks as one text", async () => {
    const harness = new Harness();
    harness.view.add(
      "s:1",
      Array.from({ length: 400 }, (_, at) => message(at, `${at} `)),
    );
    await harness.look();
    expect(harness.rows()).toHaveLength(2);
    const detail = (await harness.part.tables[0].detail("@event:s_1/1"))?.detail;
    expect(JSON.stringify(detail?.sections)).toContain("0 1 2 3 4 5");
    expect(JSON.stringify(detail?.sections)).toContain("375 more events");
  });
});

/** A session of that many events, made when they are read: calls of a tool and their ends, every fifth failed. */
class LongLogView extends MemoryLogView {
  readonly #count: number;

  constructor(count: number) {
    super();
    this.#count = count;
    this.add("s:1", []);
  }

  override read(_: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead> {
    const from = cursor?.offset ?? 0;
    const to = Math.min(this.#count, from + limit);
    return Promise.resolve({
      ok: true,
      events: Array.from({ length: to - from }, (_, index) => longEvent(from + index)),
      faults: [],
      next: { id: BigInt(to), offset: to, line: null },
      done: to === this.#count,
      progress: { done: to, total: this.#count },
      startedOver: false,
    });
  }

  override readOne(_: string, id: bigint): Promise<PlacedEvent | null> {
    return Promise.resolve(longEvent(Number(id) - 1));
  }
}

function longEvent(at: number): PlacedEvent {
  const call = `"session_id":"s:1","tool_call_id":"t${at - (at % 2)}","tool_name":"read"`;
  const status = at % 5 === 0 ? "failed" : "completed";
  const event =
    at % 2 === 0
      ? `{"kind":null,"raw_input":{"n":${at}},${call},"status":"pending","type":"tool_call"}`
      : `{"error":null,"raw_output":null,${call},"status":"${status}","type":"tool_call_update"}`;
  return {
    id: BigInt(at + 1),
    kind: at % 2 === 0 ? "tool_call" : "tool_call_update",
    payload: sliceOfText(`{"event":${event},"session_id":"s:1"}`),
    headers: new Map([["session_id", "s:1"]]),
    occurredAtMs: BigInt(START + at),
  };
}

it("holds a session of a hundred thousand events, and finds and filters in it", async () => {
  const harness = new Harness(new LongLogView(100_000));
  const window = await harness.look();
  expect(window.all).toBe(50_001);
  expect(window.rows).toHaveLength(300);
  expect(window.summary).toBe("1 session · 100,000 events · 50,000 tool calls (10,000 failed) · unsigned");
  expect(harness.window({ status: "failed" }).total).toBe(10_001);
  expect(harness.part.tables[0].locate(NO_QUERY, "@event:s_1/99999")).toBe(50_000);
  expect((await harness.part.tables[0].detail("@event:s_1/99999"))?.detail.title).toBe("read");
});
