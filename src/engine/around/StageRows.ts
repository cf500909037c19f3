import type { AroundRow, AroundRows } from "../../view/aroundRows.ts";
import { mergeByTime } from "../../view/mergeByTime.ts";
import { aroundRowId } from "../../view/rowSources.ts";

const NO_ROWS: readonly AroundRow[] = [];

/** Rows of a stage, and what they were made of. */
interface Made {
  /** The change up to which they are known to be right. */
  version: number;
  readonly lists: readonly (readonly AroundRow[])[];
  /** A list that only grew may be the same array. */
  readonly lengths: readonly number[];
  readonly rows: readonly AroundRow[];
  ids: ReadonlySet<string> | null;
}

/** The rows that several sources have for a stage (null: the run itself) as one list by time, made when they are first asked for. */
export class StageRows {
  readonly #sources: readonly Pick<AroundRows, "rows">[];
  readonly #made = new Map<number | null, Made>();
  #version = 1;

  constructor(sources: readonly Pick<AroundRows, "rows">[]) {
    this.#sources = sources;
  }

  /** Grows when rows came or went. */
  get version(): number {
    return this.#version;
  }

  /** Rows came or went. */
  changed(): void {
    this.#version++;
  }

  /** The stages are others: what was made for them is dropped. */
  clear(): void {
    this.#made.clear();
  }

  /** The same array as long as the sources give the same rows for that stage, whatever changed elsewhere. */
  rows(stage: number | null): readonly AroundRow[] {
    return this.#rowsOf(stage).rows;
  }

  /**
   * Where a row of a table stands in the tree: below the stage that the table names for it, or below none, where the tree has it as a row
   * of its own; else what the table says. A table that names the row itself is believed.
   */
  treeRowOf(rowId: string, named: string | null): string | null {
    const stage = named === null ? null : /^stage:(\d{1,15})$/.exec(named)?.[1];
    if (stage === undefined) return named;
    const index = stage === null ? null : Number(stage);
    const made = this.#rowsOf(index);
    if (made.rows.length === 0) return named;
    made.ids ??= new Set(made.rows.map(({ id }) => id));
    return made.ids.has(rowId) ? aroundRowId(index, rowId) : named;
  }

  #rowsOf(stage: number | null): Made {
    const known = this.#made.get(stage);
    if (known?.version === this.#version) return known;
    const lists = this.#sources.map((source) => source.rows(stage));
    const isSame = (list: readonly AroundRow[], at: number): boolean =>
      list.length === known?.lengths[at] && (list.length === 0 || list === known.lists[at]);
    if (known !== undefined && lists.every(isSame)) {
      known.version = this.#version;
      return known;
    }
    const rows = lists.every((list) => list.length === 0) ? NO_ROWS : mergeByTime(lists, ({ startMs }) => startMs);
    const made: Made = { version: this.#version, lists, lengths: lists.map(({ length }) => length), rows, ids: null };
    this.#made.set(stage, made);
    return made;
  }
}
