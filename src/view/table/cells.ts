/** Cells that tables of every sort have. */
import { formatDuration } from "../formatDuration.ts";
import { oneLine } from "../plainText.ts";
import type { TableCell } from "../tables.ts";
import type { TimeView } from "../types.ts";

/** What is not known. */
export const UNKNOWN_CELL: TableCell = { text: "–", look: "dim" };

/** A stored time in its own text, cut after `limit` UTF-16 units; the page writes it in the local zone where it can be read. */
export function storedTimeCell(time: TimeView | null, limit: number): TableCell {
  if (time === null) return UNKNOWN_CELL;
  const text = oneLine(time.text, limit);
  return time.epochMs === null ? { text } : { text, time };
}

/** How long something took, in milliseconds. */
export function durationCell(ms: number | null): TableCell {
  return ms === null ? UNKNOWN_CELL : { text: formatDuration(ms) };
}
