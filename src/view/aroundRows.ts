/** Rows of the tree that do not come from the record: model turns, agent events, human requests that only the log tells. */
import type { RowFacts } from "./rows/RowSource.ts";
import type { RowKind } from "./types.ts";

/** One such row. Its detail is asked for by its own id. */
export interface AroundRow extends RowFacts {
  /** The id the row has in its table: begins with `@`. */
  readonly id: string;
  readonly kind: Extract<RowKind, "modelTurn" | "agentEvent" | "question" | "toolCall">;
}

/** What the tree asks of the surroundings. A stage is given by its place in the record; `null` is the run itself. */
export interface AroundRows {
  /** Rows of a stage in the order of their time. The same array as long as nothing changed. */
  rows(stage: number | null): readonly AroundRow[];
  /** How many rows of a kind there are in all. */
  count(kind: AroundRow["kind"]): number;
}

const NO_ROWS: readonly AroundRow[] = [];
export const NOTHING_AROUND: AroundRows = { rows: () => NO_ROWS, count: () => 0 };
