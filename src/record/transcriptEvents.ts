/** What the observability takes from transcripts and sidecars (run record format, compaction events and daemon events). */
import { findInvalidUtf8 } from "../json/utf8.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { scan } from "../json/scan.ts";
import { compileStruct } from "./codec.ts";
import { expandRawValues, freeValueFault } from "./freeValue.ts";
import type { Sidecar } from "./ports.ts";
import { DaemonEventRecord as DaemonEventRecordSchema } from "./schema/observability.ts";
import { arrayOf, countMember, decodeSlice, isNull, memberOf, stringMember } from "./sliceAccess.ts";
import type { CompactionEventRecord, DaemonEventRecord } from "./types.ts";

/** Where a transcript stands: the prefix of its locations, its stage, and the record's path. */
export interface TranscriptPlace {
  readonly location: string;
  readonly stageId: string | null;
  readonly nodeId: string | null;
  readonly path: string | null;
}

/** The compactions among a transcript's events. Wrong shapes give the defaults. */
export function compactionEventsFromTranscript(transcript: JsonSlice, place: TranscriptPlace): CompactionEventRecord[] {
  const assets = new Set((arrayOf(memberOf(transcript, "assets")) ?? []).map((asset) => stringMember(asset, "id")));
  const transcriptId = stringMember(transcript, "id");
  return (arrayOf(memberOf(transcript, "events")) ?? [])
    .filter((event) => stringMember(event, "kind") === "compaction")
    .map((event): CompactionEventRecord => {
      const metadata = memberOf(event, "metadata");
      const snapshot = stringMember(metadata, "snapshot_asset_id");
      const policy = memberOf(metadata, "compaction_policy");
      return {
        id: stringMember(event, "id") ?? "",
        transcript_id: transcriptId,
        stage_id: place.stageId,
        node_id: place.nodeId,
        mode: stringMember(metadata, "mode") ?? "",
        strategy: stringMember(metadata, "strategy") ?? "",
        archived_messages: countMember(metadata, "archived_messages"),
        estimated_tokens_before: countMember(metadata, "estimated_tokens_before"),
        estimated_tokens_after: countMember(metadata, "estimated_tokens_after"),
        snapshot_asset_id: snapshot,
        snapshot_location: snapshot === null ? place.location : `${place.location}.assets[${snapshot}]`,
        snapshot_path: place.path,
        available: snapshot !== null && assets.has(snapshot),
        instruction_mode: stringMember(metadata, "instruction_mode") ?? "",
        instruction_source: stringMember(metadata, "instruction_source"),
        compaction_policy: policy === null || isNull(policy) ? null : policy,
      };
    });
}

const EVENT_TYPE = "daemon_event";
const NEWLINE = 0x0a;

/** The daemon events among a sidecar's lines, in their order. One invalid byte anywhere loses all; a line that cannot be read is left out. */
export function daemonEventsFromSidecar(sidecar: Sidecar): DaemonEventRecord[] {
  const { bytes } = sidecar;
  if (bytes === null || findInvalidUtf8(bytes, 0) !== -1) return [];
  const events: DaemonEventRecord[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const event = daemonEvent(bytes.subarray(start, end));
    if (event !== null) events.push(event);
    start = end + 1;
  }
  return events;
}

function daemonEvent(line: Uint8Array): DaemonEventRecord | null {
  const tape = scan(line);
  if (tape.error !== undefined || tape.hasBom || freeValueFault(tape, 0, 0) !== undefined) return null;
  const value = expandRawValues({ tape, node: 0 });
  if ("code" in value || stringMember(value, "type") !== EVENT_TYPE) return null;
  return decodeSlice(compileStruct(DaemonEventRecordSchema), value) as DaemonEventRecord | null;
}
