import type { TableRow } from "../src/view/tables.ts";
import type { SeenInColumns } from "./columnWidths.ts";
import { formatTimeNear } from "./formatTime.ts";

/** Longest time, in characters, that a column is made wide for: what is no time we read stands there in its own text. */
const timeLimit = 24;

/** What was seen in a table's cells that needs room. Room once given stays, so that columns do not move while somebody reads. */
export class SeenCells implements SeenInColumns {
  readonly toned = new Set<number>();
  readonly times = new Map<number, number>();

  /** Takes up rows. Times of the day `dayOf`, milliseconds since 1970, are shown without their date. */
  note(rows: readonly TableRow[], dayOf: number | null): void {
    for (const row of rows) {
      row.cells.forEach(({ tone, time }, at) => {
        if (tone !== undefined) this.toned.add(at);
        if (time === undefined) return;
        // A row below another one stands further in.
        const length = formatTimeNear(time, dayOf).length + (at === 0 && row.level === 2 ? 2 : 0);
        this.times.set(at, Math.max(this.times.get(at) ?? 0, Math.min(length, timeLimit)));
      });
    }
  }

  /** Another table. */
  clear(): void {
    this.toned.clear();
    this.times.clear();
  }
}
