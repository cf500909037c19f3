import { describe, expect, it } from "vitest";
import type { ChainVerdict } from "../../../src/eventlog/sessionTimeline/ChainFold.ts";
import { chainSentence, chainText, chainTone } from "../../../src/view/sessions/chainWords.ts";
import { entryDetail } from "../../../src/view/sessions/sessionDetail.ts";
import { sessionRows } from "../../../src/view/sessions/sessionRows.ts";
import { sessionSummary, sessionTable } from "../../../src/view/sessions/sessionTable.ts";
import type { SessionPlaces } from "../../../src/view/sessions/sessionTable.ts";
import type { SessionFacts, TimelineEntry } from "../../../src/view/sessions/TimelineEntry.ts";
import { NO_CALLS } from "../../../src/view/sessions/RecordCalls.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";

const places: SessionPlaces = {
  stageOf: () => 3,
  stageName: (stage) => (stage === null ? "" : `stage ${stage}`),
  treeRow: () => "stage:3",
  childName: (child) => `child ${child}`,
};
const intact: ChainVerdict = { state: "intact", at: null, count: 0 };

function session(changes: Partial<SessionFacts> = {}): SessionFacts {
  return {
    level: 1,
    id: "@session:s",
    sessionId: "s",
    topic: "observability.agent_events.s",
    origin: { kind: "record" },
    entries: [],
    eventCount: 4,
    hiddenCount: 0,
    copyCount: 0,
    carrier: null,
    faultCount: 0,
    firstMs: 1000,
    lastMs: 7200,
    tokensIn: null,
    tokensOut: null,
    costUsd: null,
    chain: intact,
    ...changes,
  };
}

function entry(of: SessionFacts, changes: Partial<TimelineEntry> = {}): TimelineEntry {
  const made: TimelineEntry = {
    level: 2,
    session: of,
    id: `@event:s/${of.entries.length + 1}`,
    family: "message",
    label: "Message",
    text: "hello",
    status: null,
    startMs: 1000,
    endMs: null,
    tookMs: null,
    tokensIn: null,
    tokensOut: null,
    costUsd: null,
    error: null,
    executor: null,
    join: null,
    fault: null,
    refs: [],
    eventCount: 1,
    tokensBefore: null,
    tokensAfter: null,
    ...changes,
  };
  of.entries.push(made);
  return made;
}

describe("what a chain is called", () => {
  it.each([
    [intact, "chain intact", "success"],
    [{ state: "none", at: null, count: 0 }, "", "neutral"],
    [{ state: "startsLater", at: 12n, count: 1 }, "chain starts at 12", "neutral"],
    [{ state: "gap", at: 40n, count: 2 }, "events gone before 40", "warning"],
    [{ state: "changed", at: 17n, count: 1 }, "changed at 17", "failure"],
    [{ state: "broken", at: 17n, count: 1 }, "broken at 17", "failure"],
    [{ state: "unsigned", at: 3n, count: 2 }, "unsigned at 3", "neutral"],
    [{ state: "unsigned", at: null, count: 2 }, "unsigned", "neutral"],
  ] as const)("%o", (verdict, text, tone) => {
    expect([chainText(verdict), chainTone(verdict)]).toEqual([text, tone]);
    expect(chainSentence(verdict)).toMatch(/^[A-Z].*\.$/);
  });
});

describe("cells", () => {
  it("leave unknown what is not known", () => {
    const one = session({ firstMs: null, lastMs: null });
    const model = new TableModel(sessionTable(places));
    model.set([one, entry(one, { startMs: null })]);
    expect(model.window(NO_QUERY, 0, 9).rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ["–", "stage 3 · s", "named by the record · 4 events", "chain intact", "", "", "stage 3"],
      ["–", "Message", "hello", "", "", "", "stage 3"],
    ]);
  });

  it("tell status, time, tokens and why something could not be replayed", () => {
    const one = session();
    const model = new TableModel(sessionTable(places));
    model.set([
      one,
      entry(one, {
        family: "tool",
        label: "read",
        status: "in_progress",
        tookMs: 1500,
        error: "no such file",
        tokensIn: 1000,
        tokensOut: 200,
      }),
      entry(one, { fault: "The runtime does not know it." }),
      entry(one, { family: "warning", label: "Loop stuck" }),
      entry(one, { family: "tool", status: "in_progress", startMs: 1000, endMs: 1001 }),
      entry(one, { family: "human", status: "timeout", startMs: 1000, endMs: 61_000 }),
    ]);
    const cells = model.window(NO_QUERY, 1, 9).rows.map((row) => row.cells.slice(2, 6).map(({ text }) => text));
    expect(cells).toEqual([
      ["no such file · hello", "in progress", "1.5 s", "1.2k"],
      ["hello", "not replayable", "", ""],
      ["hello", "warning", "", ""],
      ["hello", "in progress", "", ""],
      ["hello", "timed out", "1m 00s", ""],
    ]);
  });

  it("are found by what they say, with their session above them", () => {
    const [one, two] = [session(), session({ id: "@session:t", sessionId: "t" })];
    const model = new TableModel(sessionTable(places));
    model.set([one, entry(one, { text: "needle" }), entry(one), two, entry(two)]);
    expect(model.window({ ...NO_QUERY, text: "NEEDLE" }, 0, 9).rows.map(({ id }) => id)).toEqual(["@session:s", "@event:s/1"]);
    expect(model.window({ ...NO_QUERY, filters: { session: "@session:t" } }, 0, 9).rows.map(({ id }) => id)).toEqual([
      "@session:t",
      "@event:s/1",
    ]);
  });
});

describe("the summary", () => {
  it("counts what there is, and says nothing of nothing", () => {
    const one = session({ hiddenCount: 1203, faultCount: 1 });
    const rows = [
      one,
      entry(one, { family: "tool", status: "failed" }),
      entry(one, { family: "compaction" }),
      entry(one, { family: "warning" }),
    ];
    expect(sessionSummary(rows)).toBe(
      "1 session · 4 events · 1 tool call (1 failed) · 1 compaction · 1 warning · chain intact · 1 event the runtime’s replay would not take · 1,203 checkpoints hidden",
    );
    expect(sessionSummary([])).toBe("");
  });

  it.each([
    [[intact, { state: "broken", at: 2n, count: 1 }], "chain broken in 1 of 2"],
    [[intact, { state: "gap", at: 2n, count: 1 }], "events removed from 1 of 2"],
    [[{ state: "unsigned", at: null, count: 1 }], "unsigned"],
    [[intact, { state: "unsigned", at: null, count: 1 }], "1 of 2 unsigned"],
  ] as const)("tells of the chains of all topics: %o", (chains, text) => {
    const sessions = chains.map((chain, at) => session({ topic: `t${at}`, chain }));
    expect(sessionSummary(sessions)).toContain(text);
  });
});

describe("rows of the tree", () => {
  it("are made once for an entry, and anew when events came to it", () => {
    const one = session();
    const warning = entry(one, { family: "warning", label: "Loop stuck" });
    entry(one);
    const context = { calls: NO_CALLS, isShown: () => false, stageOf: () => 1, made: new WeakMap<never, never>() };
    const first = sessionRows([one], context).get(1);
    expect(first?.map(({ label, kind, status }) => [label, kind, status?.text])).toEqual([["Loop stuck", "agentEvent", "warning"]]);
    expect(sessionRows([one], context).get(1)?.[0]).toBe(first?.[0]);
    warning.eventCount++;
    warning.status = "over";
    expect(sessionRows([one], context).get(1)?.[0]?.status?.text).toBe("over");
  });
});

it("an entry whose events are gone still says what is known of it", () => {
  const one = session();
  const lost = entry(one, { refs: [{ id: 7n, offset: null }], error: "boom", executor: "host bridge" });
  const links = { call: null, recording: null, handoff: null, question: "@question:q", child: "child:2" };
  const detail = entryDetail(lost, [{ id: 7n, read: null, fault: null, link: null }], places, links);
  const text = JSON.stringify(detail.sections);
  for (const part of ["boom", "host bridge", "@question:q", "child:2", "stage:3", "The log has it no more."]) expect(text).toContain(part);
  expect(detail.raw).toBeNull();
});
