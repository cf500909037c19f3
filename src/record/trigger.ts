/** The trigger of a run, as its metadata tells it (run record format, TriggerEvent). */
import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import { arrayOf, isObject, memberOf, sortedSlice, stringMember, stringOf } from "./sliceAccess.ts";
import { faultyField, isTriggerPayload } from "./triggerPayload.ts";
import type { FieldRule } from "./triggerPayload.ts";
import type { RunRecord } from "./types.ts";

/** How the signature of an event was judged. */
export type SignatureState = "verified" | "unsigned" | "failed";

/** What of a trigger event is used: the rest only decides whether there is one. */
export interface TriggerEvent {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  readonly dedupeKey: string;
  readonly traceId: string;
  readonly signature: SignatureState;
}

const FIELDS: Readonly<Record<string, FieldRule>> = {
  id: "string",
  provider: "string",
  kind: "string",
  received_at: "time",
  occurred_at: "time|null",
  dedupe_key: "string",
  trace_id: "string",
  tenant_id: "string?",
  headers: "strings",
  batch: "array|null?",
  raw_body: "base64|null?",
  provider_payload: "any",
  signature_status: "any",
};

/** The trigger event in `metadata.trigger_event`; null when there is none, or none that the runtime recognises. */
export function triggerEventFromRun(run: RunRecord): TriggerEvent | null {
  const value = run.metadata.get("trigger_event");
  if (value === undefined || triggerFault(value) !== null) return null;
  const event = asObject(value);
  return event && readTrigger(event);
}

/** The field that keeps a value from being a trigger event, `.` for the value as a whole; null when it is one. */
export function triggerFault(given: JsonSlice): string | null {
  const value = asObject(given);
  if (value === null) return ".";
  const field = faultyField(value, FIELDS);
  if (field !== null) return field;
  const payload = memberOf(value, "provider_payload");
  if (payload === null || !isTriggerPayload(payload)) return "provider_payload";
  return signatureState(memberOf(value, "signature_status")) === null ? "signature_status" : null;
}

/** `verified`, `unsigned` or `failed`. */
export function signatureStatusLabel(trigger: TriggerEvent): string {
  return trigger.signature;
}

/** The trace a run belongs to: its trigger's, else the one in its metadata. */
export function runTraceId(run: RunRecord, trigger: TriggerEvent | null): string | null {
  return trigger?.traceId ?? stringOf(run.metadata.get("trace_id"));
}

/** The event a run replays. */
export function replayOfEventIdFromRun(run: RunRecord): string | null {
  return stringOf(run.metadata.get("replay_of_event_id"));
}

/**
 * The event as an object, of repeated keys the last; its fields may stand in a list too, in their order (run record format, arrays instead
 * of objects).
 */
function asObject(value: JsonSlice): JsonSlice | null {
  if (isObject(value)) return sortedSlice(value);
  const names = Object.keys(FIELDS);
  const listed = arrayOf(value);
  if (listed?.length !== names.length) return null;
  const writer = new JsonWriter("compact");
  writer.beginObject();
  listed.forEach(({ tape, node }, place) => {
    writer.key(names[place] ?? "");
    writer.raw(tape.bytes, tape.start(node), tape.end(node));
  });
  writer.endObject();
  return sortedSlice({ tape: scan(writer.finish()), node: 0 });
}

function readTrigger(value: JsonSlice): TriggerEvent {
  const text = (name: string): string => stringMember(value, name) ?? "";
  return {
    id: text("id"),
    provider: text("provider"),
    kind: text("kind"),
    dedupeKey: text("dedupe_key"),
    traceId: text("trace_id"),
    signature: signatureState(memberOf(value, "signature_status")) ?? "unsigned",
  };
}

/** The state of a signature, which may be a list of the state and, where it failed, the reason. */
function signatureState(value: JsonSlice | null): SignatureState | null {
  const listed = arrayOf(value);
  const state = listed === null ? stringMember(value, "state") : stringOf(listed[0]);
  if (state === "verified" || state === "unsigned") return listed === null || listed.length === 1 ? state : null;
  if (state !== "failed") return null;
  const reason = listed === null ? stringMember(value, "reason") : listed.length === 2 ? stringOf(listed[1]) : null;
  return reason === null ? null : state;
}
