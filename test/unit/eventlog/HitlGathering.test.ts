import { describe, expect, it } from "vitest";
import { sliceText } from "../../../src/json/cursor.ts";
import { HitlGathering } from "../../../src/eventlog/HitlGathering.ts";
import type { LedgerRun } from "../../../src/eventlog/hitlLedger.ts";
import { logEvent, sliceOfText } from "./support.ts";

const RUN: LedgerRun = { id: "r", traceId: "t", window: { startMs: 10n, endMs: 20n }, stored: [] };
const stored = (id: string): LedgerRun["stored"][number] => ({ request_id: id, prompt: "", agent: "", trace_id: null, asked_at: "" });
const asked = (id: string, more: object = {}, at = 0) =>
  logEvent({ kind: "hitl.question_asked", at, payload: { request_id: id, ...more } });
const response = (id: string) => logEvent({ kind: "hitl.response_received", payload: { request_id: id } });

describe("HitlGathering", () => {
  it("keeps what belongs to the run, and what names a request it kept", () => {
    const kept = new HitlGathering({ ...RUN, stored: [stored("listed")] });
    expect(kept.add("hitl.questions", [asked("other", { run_id: "x" }), response("other")])).toBe(false);
    expect(
      kept.add("hitl.questions", [asked("mine", { run_id: "r" }), response("mine"), asked("listed"), asked("traced", { trace_id: "t" })]),
    ).toBe(true);
    kept.add("hitl.approvals", [asked("timed", {}, 15)]);
    kept.add("hitl.responses", [response("mine"), response("other")]);
    expect([...kept.byTopic].map(([topic, events]) => [topic, events.length])).toEqual([
      ["hitl.questions", 4],
      ["hitl.responses", 1],
    ]);
    expect(kept.requests).toBe(3);
  });

  it("keeps by the run's time what names nothing", () => {
    const kept = new HitlGathering(RUN);
    expect(kept.add("hitl.questions", [asked("a", {}, 9), asked("b", {}, 21), asked("c", {}, 20)])).toBe(true);
    expect(kept.requests).toBe(1);
  });

  it("lets go of the text an event was read from", () => {
    const text = `[${" ".repeat(1000)}{"request_id":"q","run_id":"r"}]`;
    const { tape } = sliceOfText(text);
    const kept = new HitlGathering(RUN);
    kept.add("hitl.questions", [{ ...logEvent({ kind: "hitl.question_asked" }), payload: { tape, node: 1 } }]);
    const payload = kept.byTopic.get("hitl.questions")?.[0]?.payload;
    expect(payload?.tape.bytes.buffer.byteLength).toBeLessThan(100);
    expect(payload && sliceText(payload.tape, payload.node)).toBe('{"request_id":"q","run_id":"r"}');
  });

  it("forgets a topic, but not which requests there were", () => {
    const kept = new HitlGathering(RUN);
    kept.add("hitl.questions", [asked("a", { run_id: "r" })]);
    kept.forget("hitl.questions");
    expect(kept.byTopic.size).toBe(0);
    expect(kept.add("hitl.responses", [response("a")])).toBe(true);
  });

  it.each([
    ["the same run", {}, true],
    ["a shorter time", { window: { startMs: 11n, endMs: 19n } }, true],
    ["no time", { window: null }, true],
    ["a longer time", { window: { startMs: 10n, endMs: 21n } }, false],
    ["another run", { id: "x" }, false],
    ["another trace", { traceId: null }, false],
    ["a request that is listed since", { stored: [stored("new")] }, false],
  ])("knows whether it serves %s", (_, changes, serves) => expect(new HitlGathering(RUN).serves({ ...RUN, ...changes })).toBe(serves));
});
