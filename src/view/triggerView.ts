import { members, stringText } from "../json/cursor.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import type { RecordReading } from "../record/readRecord.ts";
import { arrayOf, isNull, isObject, memberOf, stringMember, stringOf } from "../record/sliceAccess.ts";
import { replayOfEventIdFromRun, runTraceId, signatureStatusLabel, triggerEventFromRun, triggerFault } from "../record/trigger.ts";
import { cutText, oneLine } from "./plainText.ts";
import { timeView } from "./readTime.ts";
import type { TriggerView } from "./types.ts";

/** Most UTF-16 units of a name, and of an id that is copied whole. */
const NAME_LIMIT = 120;
const ID_LIMIT = 2000;

/** The fields in the order in which an event written as a list has them (run record format, TriggerEvent). */
const LISTED =
  "id provider kind received_at occurred_at dedupe_key trace_id tenant_id headers batch raw_body provider_payload signature_status".split(
    " ",
  );

/** What set the run going; null when the record tells of no trigger, trace or replay. A value `null` tells of none. */
export function triggerView({ record, tape }: RecordReading): TriggerView | null {
  const stored = (name: string): JsonSlice | null => {
    const value = record.metadata.get(name);
    return value === undefined || isNull(value) ? null : value;
  };
  const value = stored("trigger_event");
  if (value === null && stored("trace_id") === null && stored("replay_of_event_id") === null) return null;
  const trigger = triggerEventFromRun(record);
  const faulty = value === null ? null : triggerFault(value);
  const text = (name: string): string => (value === null ? "" : (stringOf(fieldOf(value, name)) ?? ""));
  const shown = faulty === null || value === null ? value : (fieldOf(value, faulty) ?? value);
  const traceId = runTraceId(record, trigger);
  const replayOf = replayOfEventIdFromRun(record);
  return {
    provider: oneLine(text("provider"), NAME_LIMIT),
    kind: oneLine(text("kind"), NAME_LIMIT),
    signature: trigger === null ? null : signatureStatusLabel(trigger),
    eventId: cutText(text("id"), ID_LIMIT),
    dedupeKey: cutText(text("dedupe_key"), ID_LIMIT),
    received: timeView(text("received_at")),
    traceId: traceId === null ? null : cutText(traceId, ID_LIMIT),
    replayOf: replayOf === null ? null : cutText(replayOf, ID_LIMIT),
    fault:
      faulty === null || value === null
        ? null
        : `The trigger event cannot be read: ${reason(value, faulty)}. The runtime sees no trigger in this run.`,
    offset: shown?.tape === tape ? tape.start(shown.node) : null,
  };
}

/** A field of an event, which may be written as a list. */
function fieldOf(value: JsonSlice, name: string): JsonSlice | null {
  const listed = arrayOf(value);
  return listed === null ? memberOf(value, name) : (listed[LISTED.indexOf(name)] ?? null);
}

/** What is wrong with the field that `triggerFault` names, in words. */
function reason(value: JsonSlice, field: string): string {
  if (field === ".") return arrayOf(value) === null ? "it is no object" : "it is a list of another length than an event has fields";
  const found = fieldOf(value, field);
  if (found === null) return field === "occurred_at" ? "occurred_at is missing (it may be null)" : `${field} is missing`;
  const text = stringOf(found);
  switch (field) {
    case "received_at":
    case "occurred_at":
      return isNull(found) ? `${field} is null` : text === null ? `${field} is no text` : `${field} is no time`;
    case "headers":
      return headersReason(found);
    case "batch":
      return "batch is no list";
    case "raw_body":
      return text === null ? "raw_body is no text" : "raw_body is no base64";
    case "provider_payload":
      return payloadReason(found);
    case "signature_status":
      return signatureReason(found);
    default:
      return isNull(found) ? `${field} is null` : `${field} is no text`;
  }
}

function headersReason(headers: JsonSlice): string {
  if (!isObject(headers)) return isNull(headers) ? "headers is null" : "headers is no object";
  for (const [key, node] of members(headers.tape, headers.node)) {
    if (headers.tape.kind(node) !== "string") return `the header “${oneLine(stringText(headers.tape, key), NAME_LIMIT)}” is no text`;
  }
  return "headers cannot be read";
}

function payloadReason(payload: JsonSlice): string {
  if (!isObject(payload)) return isNull(payload) ? "provider_payload is null" : "provider_payload is no object";
  const provider = stringMember(payload, "provider");
  if (provider === null) return "provider_payload names no provider";
  return `provider_payload fits neither the provider “${oneLine(provider, NAME_LIMIT)}” nor the general form (provider, schema_name, raw)`;
}

function signatureReason(status: JsonSlice): string {
  const listed = arrayOf(status);
  if (listed === null && !isObject(status)) return isNull(status) ? "signature_status is null" : "signature_status is no object";
  const state = listed === null ? stringMember(status, "state") : stringOf(listed[0]);
  if (state === null) return "signature_status has no state";
  if (state === "failed") return "signature_status is failed, but gives no reason";
  return state === "verified" || state === "unsigned"
    ? "signature_status is a list of another length than its state needs"
    : `signature_status has the unknown state “${oneLine(state, NAME_LIMIT)}”`;
}
