import { describe, expect, it } from "vitest";
import { PREV_HASH_HEADER, provenanceHeaders, RECORD_HASH_HEADER, recordHash, verifyChain } from "../../../src/eventlog/provenance.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { logEvent, sha256, sliceOfText, utf8 } from "./support.ts";

/** As the runtime stored it. */
const recorded = {
  id: 1n,
  kind: "hitl.question_asked",
  payload: utf8(
    '{"agent":"planner","kind":"question","payload":{"prompt":"Why?"},"request_id":"req_1","requested_at":"2026-05-01T10:00:00Z","run_id":"run_base","trace_id":"trace_1"}',
  ),
  headers: new Map([["harn.provenance.schema", "harn-eventlog-provenance-v1"]]),
  occurredAtMs: 1750000000000n,
};
const recordedHash = "sha256:a6412eff8cfa0b7dce3c7b0b8e2c6549783ae646008538f0796c57f29a8d9a50";

it("gives the hash the runtime gave", () => {
  expect(recordHash("hitl.questions", recorded, sha256)).toBe(recordedHash);
});

it("leaves the hash itself out, and nothing else", () => {
  const headers = new Map([...recorded.headers, [RECORD_HASH_HEADER, "x"]]);
  expect(recordHash("hitl.questions", { ...recorded, headers }, sha256)).toBe(recordedHash);
  const others = new Map([...recorded.headers, [PREV_HASH_HEADER, "x"]]);
  expect(recordHash("hitl.questions", { ...recorded, headers: others }, sha256)).not.toBe(recordedHash);
});

it("hashes over headers sorted by bytes, the payload's own text in place", () => {
  const hashed: string[] = [];
  const headers = new Map([
    ["\u{1F600}", "1"],
    ["\uffee", "2"],
    ["a", '"\u0001é'],
  ]);
  recordHash("t", { ...recorded, payload: utf8("1.0"), headers }, (bytes) => {
    hashed.push(new TextDecoder().decode(bytes));
    return "";
  });
  expect(hashed).toEqual([
    '{"event_id":1,"headers":{"a":"\\"\\u0001é","\uffee":"2","\u{1F600}":"1"},"kind":"hitl.question_asked","occurred_at_ms":1750000000000,"payload":1.0,"topic":"t"}',
  ]);
});

/** A chain of events as an appender makes it. */
function chain(payloads: readonly string[], firstId = 1): LogEvent[] {
  const events: LogEvent[] = [];
  for (const [index, text] of payloads.entries()) {
    const event = { id: BigInt(firstId + index), kind: "k", payload: utf8(text), headers: new Map<string, string>(), occurredAtMs: 7n };
    const headers = provenanceHeaders("t", event, events.at(-1) ?? null, sha256);
    events.push({ ...event, headers, payload: sliceOfText(text) });
  }
  return events;
}

describe("verifyChain", () => {
  const states = (events: readonly LogEvent[]): string =>
    verifyChain("t", events, sha256)
      .map(({ state }) => state)
      .join();

  it("follows a whole chain, whatever its payloads", () => {
    expect(states(chain(['{"a":1.0}', "null", '{"n":18446744073709551615}', '"é\\n"', "0.9280640504398593"]))).toBe(
      "start,linked,linked,linked,linked",
    );
  });

  it("starts anew where the events before are gone", () => {
    expect(states(chain(["1", "2", "3"]).slice(1))).toBe("start,linked");
  });

  it("finds events that are missing, and those that stand in another place", () => {
    const [first, second, third] = chain(["1", "2", "3"]) as [LogEvent, LogEvent, LogEvent];
    expect(states([first, third])).toBe("start,gap");
    expect(states([second, first, third])).toBe("start,broken,gap");
  });

  it("finds what was changed", () => {
    const events = chain(["1", "2", "3"]).map((event) => (event.id === 2n ? { ...event, payload: sliceOfText("22") } : event));
    const links = verifyChain("t", events, sha256);
    expect(links.map(({ state }) => state)).toEqual(["start", "changed", "linked"]);
    expect(links[1]?.found).toBe(events[1]?.headers.get(RECORD_HASH_HEADER));
    expect(links[1]?.expected).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(verifyChain("other", chain(["1"]), sha256)).toMatchObject([{ state: "changed" }]);
  });

  it("knows an event that was only laid out anew", () => {
    const [event] = chain(['{"a":1,"b":2}']) as [LogEvent];
    expect(states([{ ...event, payload: sliceOfText('{ "b": 2, "a": 1 }') }])).toBe("start");
  });

  it("says which events carry no hash, and computes it for the next", () => {
    const unsigned = logEvent({ id: 1, payload: { b: 1, a: 2 } });
    const next = { id: 2n, kind: "k", payload: utf8("1"), headers: new Map<string, string>(), occurredAtMs: 1n };
    const headers = provenanceHeaders("t", next, unsigned, sha256);
    expect(headers.get(PREV_HASH_HEADER)).toBe(recordHash("t", { ...unsigned, payload: utf8('{"a":2,"b":1}') }, sha256));
    expect(states([unsigned, { ...next, headers, payload: sliceOfText("1") }])).toBe("unsigned,linked");
  });
});
