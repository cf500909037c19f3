import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { triggerView } from "../../../src/view/triggerView.ts";
import type { TriggerView } from "../../../src/view/types.ts";
import { readingOf } from "./readingOf.ts";

const EVENT = {
  id: "evt",
  provider: "webhook",
  kind: "alert.fired",
  received_at: "2026-11-19T02:29:48.115967479Z",
  occurred_at: null,
  dedupe_key: "k",
  trace_id: "trace_e",
  tenant_id: null,
  headers: { a: "b" },
  batch: null,
  raw_body: null,
  provider_payload: { provider: "webhook", raw: {} },
  signature_status: { state: "verified" },
};

const recordText = (metadata: unknown): string => JSON.stringify({ _type: "run_record", stages: [], metadata }, null, 1);
const view = (metadata: unknown): TriggerView | null => triggerView(readingOf(recordText(metadata)));
const withField = (changes: Record<string, unknown>): TriggerView | null => view({ trigger_event: { ...EVENT, ...changes } });

/** The text that begins where the view leads to. */
function led(metadata: unknown, length: number): string {
  const text = recordText(metadata);
  return text.slice(triggerView(readingOf(text))?.offset ?? 0).slice(0, length);
}

describe("triggerView", () => {
  it("is nothing where nothing is told", () => {
    expect(view({})).toBeNull();
    expect(view({ trigger_event: null, trace_id: null, other: 1 })).toBeNull();
  });

  it("tells what set the run going", () => {
    expect(view({ trigger_event: EVENT, trace_id: "trace_m", replay_of_event_id: "evt_0" })).toEqual({
      provider: "webhook",
      kind: "alert.fired",
      signature: "verified",
      eventId: "evt",
      dedupeKey: "k",
      received: { text: EVENT.received_at, epochMs: Date.UTC(2026, 10, 19, 2, 29, 48, 115) },
      traceId: "trace_e",
      replayOf: "evt_0",
      fault: null,
      offset: expect.any(Number) as number,
    });
    expect(led({ a: 1, trigger_event: EVENT }, 1)).toBe("{");
  });

  it("tells trace and replay without a trigger", () => {
    expect(view({ trace_id: "t" })).toMatchObject({
      traceId: "t",
      replayOf: null,
      fault: null,
      offset: null,
      signature: null,
      received: null,
    });
    expect(view({ replay_of_event_id: "e" })).toMatchObject({ traceId: null, replayOf: "e" });
  });

  it("reads an event written as a list of its fields", () => {
    expect(view({ trigger_event: Object.values(EVENT) })).toMatchObject({
      eventId: "evt",
      kind: "alert.fired",
      received: { text: EVENT.received_at },
      fault: null,
    });
  });

  it.each([
    [{ received_at: "yesterday" }, "received_at is no time", '"yesterday"'],
    [{ received_at: 5 }, "received_at is no text", "5"],
    [{ occurred_at: undefined }, "occurred_at is missing (it may be null)", "{"],
    [{ kind: null }, "kind is null", "null"],
    [{ id: undefined }, "id is missing", "{"],
    [{ tenant_id: 7 }, "tenant_id is no text", "7"],
    [{ headers: { a: 1 } }, "the header “a” is no text", "{"],
    [{ headers: [] }, "headers is no object", "[]"],
    [{ batch: {} }, "batch is no list", "{}"],
    [{ raw_body: "*" }, "raw_body is no base64", '"*"'],
    [{ provider_payload: 1 }, "provider_payload is no object", "1"],
    [{ provider_payload: {} }, "provider_payload names no provider", "{}"],
    [
      { provider_payload: { provider: "cron" } },
      "provider_payload fits neither the provider “cron” nor the general form (provider, schema_name, raw)",
      "{",
    ],
    [{ signature_status: "verified" }, "signature_status is no object", '"verified"'],
    [{ signature_status: {} }, "signature_status has no state", "{}"],
    [{ signature_status: { state: "maybe" } }, "signature_status has the unknown state “maybe”", "{"],
    [{ signature_status: { state: "failed" } }, "signature_status is failed, but gives no reason", "{"],
  ])("names the fault in %j", (changes, reason, place) => {
    const event = { trigger_event: { ...EVENT, ...changes } };
    expect(view(event)?.fault).toBe(`The trigger event cannot be read: ${reason}. The runtime sees no trigger in this run.`);
    expect(led(event, place.length)).toBe(place);
    expect(withField(changes)?.signature).toBeNull();
  });

  it("falls back to the trace of the metadata, and shows what can be read of a faulty event", () => {
    expect(view({ trigger_event: { ...EVENT, received_at: "?" }, trace_id: "trace_m" })).toMatchObject({
      traceId: "trace_m",
      provider: "webhook",
      received: { text: "?", epochMs: null },
    });
    expect(view({ trigger_event: "evt" })?.fault).toContain("it is no object");
    expect(view({ trigger_event: [1] })?.fault).toContain("a list of another length");
  });

  it("reads the samples", () => {
    const sample = (name: string): TriggerView | null =>
      triggerView(readingOf(new Uint8Array(readFileSync(`samples/incident-triage/.harn-runs/${name}.json`))));
    expect(sample("incident-4471")).toMatchObject({ provider: "webhook", kind: "alert.fired", signature: "verified", replayOf: null });
    expect(sample("incident-4471-replay")).toMatchObject({
      dedupeKey: "alerts:ALR-88213:replay-1",
      replayOf: "trigger_evt_01a1f194-38f9-7e82-8264-4c1ec3ddb4b4",
      traceId: "trace_01a1f1a3-85d4-77a1-8697-1724d631e67d",
      fault: null,
    });
  });
});
