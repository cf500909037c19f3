import { elements } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { containerAt, memberAt, numberAt, textAt } from "./tapeFields.ts";

/** One compaction event of a transcript, whichever way its version wrote it. Absent texts are empty, absent counts null. */
export interface CompactionFacts {
  readonly id: string;
  readonly mode: string;
  readonly strategy: string;
  readonly reason: string;
  readonly archivedMessages: number | null;
  readonly tokensBefore: number | null;
  readonly tokensAfter: number | null;
  readonly instructionMode: string;
  readonly snapshotId: string | null;
  /** The object the facts were read from: the receipt, else the flat metadata. */
  readonly source: NodeId;
}

/** Reads an event: `metadata.receipt` where it is an object, else the flat metadata (later versions, compaction). */
export function compactionFacts(tape: Tape, event: NodeId): CompactionFacts {
  const metadata = containerAt(tape, event, "metadata", "object");
  const receipt = containerAt(tape, metadata, "receipt", "object");
  const source = receipt === NO_NODE ? metadata : receipt;
  const text = (name: string): string => textAt(tape, source, name) ?? "";
  return {
    id: compactionId(tape, event),
    mode: text("mode"),
    strategy: text("strategy"),
    reason: text("reason"),
    archivedMessages: numberAt(tape, source, "archived_messages"),
    tokensBefore: numberAt(tape, source, "estimated_tokens_before"),
    tokensAfter: numberAt(tape, source, "estimated_tokens_after"),
    instructionMode: text("instruction_mode"),
    snapshotId: textAt(tape, source, "snapshot_asset_id") ?? textAt(tape, metadata, "snapshot_asset_id"),
    source,
  };
}

/** The event's id, else its receipt's; empty when it has neither. */
export function compactionId(tape: Tape, event: NodeId): string {
  const own = textAt(tape, event, "id") ?? "";
  if (own !== "") return own;
  return textAt(tape, containerAt(tape, containerAt(tape, event, "metadata", "object"), "receipt", "object"), "receipt_id") ?? "";
}

/** The asset of a transcript with that id, `NO_NODE` when it is not kept. */
export function findAsset(tape: Tape, transcript: NodeId, id: string | null): NodeId {
  if (id === null || transcript === NO_NODE) return NO_NODE;
  const assets = containerAt(tape, transcript, "assets", "array");
  if (assets === NO_NODE) return NO_NODE;
  for (const asset of elements(tape, assets)) {
    if (textAt(tape, asset, "id") === id && memberAt(tape, asset, "id") !== NO_NODE) return asset;
  }
  return NO_NODE;
}
