import { describe, expect, it } from "vitest";
import { ChainFold } from "../../../src/eventlog/sessionTimeline/ChainFold.ts";
import { namedSessions } from "../../../src/eventlog/sessionTimeline/namedSessions.ts";
import { readSessionEvent } from "../../../src/eventlog/sessionTimeline/SessionEvent.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { provenanceHeaders } from "../../../src/eventlog/provenance.ts";
import { sliceBytes } from "../../../src/json/cursor.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { scan } from "../../../src/json/scan.ts";
import { logEvent, sha256, utf8 } from "./support.ts";

const chunk = { content: "hi", session_id: "s", type: "agent_message_chunk" };

describe("one event of a session, as a viewer reads it", () => {
  it.each([
    ["as the runtime writes it", { event: chunk, session_id: "s" }, { session_id: "s" }, "agent_message_chunk", "s", null],
    ["written as an array", { event: ["agent_message_chunk", "s", "hi"] }, { session_id: "s" }, "agent_message_chunk", "s", null],
    [
      "of a type of a later version",
      { event: { ...chunk, type: "dreamt" } },
      { session_id: "s" },
      "dreamt",
      "s",
      /does not know events of type “dreamt”/,
    ],
    [
      "with a field of another type",
      { event: { ...chunk, content: 5 } },
      { session_id: "s" },
      "agent_message_chunk",
      "s",
      /content: expected a string, found the number 5/,
    ],
    [
      "without a field",
      { event: { type: "user_message", session_id: "s" } },
      { session_id: "s" },
      "user_message",
      "s",
      /the key "message_id" is missing/,
    ],
    ["that is null", { event: null, session_id: "s" }, { session_id: "s" }, "k", "s", /cannot read it|does not know/],
    ["that is no object", { event: 7 }, { session_id: "s" }, "k", "s", /cannot read it|does not know/],
    ["that is missing", { session_id: "s" }, {}, "k", "s", /holds no agent event/],
    ["in a payload that is no object", 5, {}, "k", null, /holds no agent event/],
    ["without a header", { event: chunk }, {}, "agent_message_chunk", "s", /header names no session/],
    ["whose tag is no text", { event: { ...chunk, type: 3 } }, { session_id: "s" }, "k", "s", /does not know/],
  ])("%s", (_, payload, headers, tag, sessionId, fault) => {
    const event = readSessionEvent(logEvent({ payload, headers: headers, at: 1_700_000_000_000 }));
    expect(event.tag).toBe(tag);
    expect(event.sessionId).toBe(sessionId);
    expect(event.carrier).toBeNull();
    expect(event.atMs).toBe(1_700_000_000_000);
    if (fault === null) expect(event.fault).toBeNull();
    else expect(event.fault).toMatch(fault);
  });

  it("belongs to the session it names itself, and tells whose topic repeats it", () => {
    const event = readSessionEvent(logEvent({ payload: { event: chunk, session_id: "parent" }, headers: { session_id: "parent" } }));
    expect(event).toMatchObject({ sessionId: "s", carrier: "parent", fault: null });
  });

  it("has no time where no calendar has it", () => {
    const event = readSessionEvent({ ...logEvent({ payload: { event: chunk } }), occurredAtMs: 2n ** 62n });
    expect(event.atMs).toBeNull();
  });
});

describe("the chain of a topic, while it is read", () => {
  const topic = "observability.agent_events.s";

  function chain(count: number): LogEvent[] {
    const events: LogEvent[] = [];
    for (let id = 1; id <= count; id++) {
      const event = logEvent({ id, payload: { event: chunk, n: id }, headers: { session_id: "s" }, at: id });
      const bytes = { ...event, payload: sliceBytes(event.payload.tape, event.payload.node) };
      events.push({ ...event, headers: provenanceHeaders(topic, bytes, events.at(-1) ?? null, sha256) });
    }
    return events;
  }

  function verdict(events: readonly LogEvent[]): ChainFold["verdict"] {
    const fold = new ChainFold(topic, sha256);
    for (const event of events) fold.add(event);
    return fold.verdict;
  }

  const whole = chain(9);
  const changed = whole.map((event) => (event.id === 4n ? { ...event, kind: "other" } : event));
  const unsigned = whole.map((event) => (event.id >= 7n ? { ...event, headers: new Map([["session_id", "s"]]) } : event));
  const swapped = whole.map((event, at) => (at === 4 ? { ...(whole[5] ?? event) } : at === 5 ? { ...(whole[4] ?? event) } : event));

  it.each([
    ["nothing", [], { state: "none", at: null }],
    ["all of it", whole, { state: "intact", at: null }],
    ["without its beginning", whole.slice(3), { state: "startsLater", at: 4n }],
    ["without a part in the middle", [...whole.slice(0, 2), ...whole.slice(6)], { state: "gap", at: 7n }],
    ["with an event that was changed", changed, { state: "changed", at: 4n }],
    ["with events without hashes", unsigned, { state: "unsigned", at: 7n }],
    ["with two events in the other order", swapped, { state: "broken", at: 5n }],
  ])("%s", (_, events, expected) => {
    expect(verdict(events)).toMatchObject(expected);
  });

  it("keeps the links that do not hold, not those that do", () => {
    const fold = new ChainFold(topic, sha256);
    for (const event of changed) fold.add(event);
    expect(fold.odd(10).map(({ id, state }) => [id, state])).toEqual([[4n, "changed"]]);
    expect(fold.link(5n)).toBeNull();
    expect(fold.link(1n)?.state).toBe("start");
  });
});

describe("the sessions a record names", () => {
  const { record } = readRecord(
    scan(
      utf8(
        JSON.stringify({
          _type: "run_record",
          stages: [
            { transcript: { id: "stage:one" }, metadata: { worker: { provenance: { session_id: "delegated" } } } },
            { transcript: 5 },
          ],
          transcript: { id: "last" },
          child_runs: [{ worker_id: "worker_a_b", session_id: "child session", parent_session_id: "parent" }],
        }),
      ),
    ),
  );
  const named = namedSessions(record);

  it.each([
    ["stage:one", { kind: "record" }],
    ["last", { kind: "record" }],
    ["parent", { kind: "record" }],
    ["delegated", { kind: "record" }],
    ["child session", { kind: "child", child: 0 }],
    ["worker_session_worker_a_b_investigate", { kind: "child", child: 0 }],
    ["worker_session_worker_a_b_two_words", { kind: "child", child: 0 }],
    ["worker_session_worker_a_c_investigate", null],
    ["stage_one", null],
    ["", null],
  ])("%s", (id, origin) => {
    expect(named.origin(id)).toEqual(origin);
  });

  it("does not take a name apart that is longer than any", () => {
    expect(named.origin(`worker_session_${"_".repeat(1_000_000)}`)).toBeNull();
  });

  it.each([
    ["observability.agent_events.stage_one", true],
    ["observability.agent_events.child_session", true],
    ["observability.agent_events.worker_session_worker_a_b_investigate", true],
    ["observability.agent_events.other", false],
  ])("the topic %s", (topic, may) => {
    expect(named.mayHold(topic)).toBe(may);
  });
});
