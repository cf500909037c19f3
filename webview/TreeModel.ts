import type { TreeRow } from "../src/view/types.ts";
import type { HostLink } from "./HostLink.ts";
import { RowStore } from "./RowStore.ts";

/** The one selected row, which also has the keyboard. */
export interface ActiveRow {
  readonly index: number;
  readonly row: TreeRow;
}

export interface TreeModelEvents {
  /** Rows, totals or the selection changed: draw again. */
  changed(): void;
  /** Another row is selected (or the selected row's data is newer). `reveal`: it must be brought into sight. */
  selected(active: ActiveRow | null, reveal: boolean): void;
  /** Rows came or went above the selected one, which was in sight: so many rows (negative: fewer). */
  shifted(rows: number): void;
  /** The user opened or closed rows: to be remembered. */
  toggled(rowIds: readonly string[], expanded: boolean): void;
}

/** What the tree shows and what its keys do, without a screen: selection, opening and closing, typeahead. */
export class TreeModel {
  readonly rows: RowStore;
  active: ActiveRow | null = null;
  private readonly link: HostLink;
  private readonly events: TreeModelEvents;
  /** Index that was asked for last while rows are still on their way; keys go on from it. */
  private target: number | null = null;
  private refreshing: Promise<void> | null = null;
  private mustRefresh = false;
  private typed = "";
  private typedAt = 0;

  constructor(link: HostLink, events: TreeModelEvents) {
    this.link = link;
    this.events = events;
    this.rows = new RowStore(
      (start, count) => link.request({ kind: "rows", start, count }),
      () => {
        this.refreshActive();
        events.changed();
      },
    );
  }

  /** Starts over with a new revision: keeps the selection by id, else by place, else selects the first row. */
  async open(selectedId: string | null): Promise<void> {
    const before = this.active?.index ?? 0;
    this.rows.reset();
    const located = selectedId === null ? null : await this.link.request({ kind: "locate", rowId: selectedId });
    if (located?.kind === "stale") return;
    const found = located?.kind === "value" && located.value.row !== null ? located.value : null;
    const index = found?.index ?? before;
    const loaded = (await this.rows.load(index)) ?? (await this.rows.load(0));
    const row = found?.row ?? loaded;
    if (this.rows.total === 0 || row === null) this.setActive(null, false);
    else this.setActive({ index: found === null && this.rows.settledRowAt(index) === null ? 0 : index, row }, false);
  }

  /** Rows came or went that are not the record's own: takes them up without a blink, keeping selection and place. One at a time. */
  async refresh(): Promise<void> {
    this.mustRefresh = true;
    this.refreshing ??= this.refreshWhileNeeded();
    await this.refreshing;
  }

  /** Index the next key press starts from. */
  get position(): number {
    return this.target ?? this.active?.index ?? 0;
  }

  /** Selects the row at an index, cut to what there is. */
  async moveTo(wanted: number): Promise<void> {
    if (this.rows.total === 0) return;
    const index = Math.min(Math.max(wanted, 0), this.rows.total - 1);
    const known = this.rows.settledRowAt(index);
    if (known !== null) {
      this.setActive({ index, row: known }, true);
      return;
    }
    this.target = index;
    const row = await this.rows.load(index);
    if (this.target === index && row !== null) this.setActive({ index, row }, true);
  }

  /** Selects a row by id, opening what hides it. Answers whether there is one. */
  async select(rowId: string): Promise<boolean> {
    const reply = await this.link.request({ kind: "locate", rowId });
    if (reply.kind !== "value" || reply.value.row === null || reply.value.index < 0) return false;
    this.rows.invalidate(this.rows.total);
    this.setActive({ index: reply.value.index, row: reply.value.row }, true);
    await this.rows.load(reply.value.index);
    this.events.selected(this.active, true);
    return true;
  }

  /** Opens or closes a row, or with `siblings` all rows of its parent. */
  async setExpanded(row: TreeRow, expanded: boolean, siblings = false): Promise<void> {
    if (!siblings && (!row.expandable || row.expanded === expanded)) return;
    const touched = siblings ? this.knownSiblings(row) : [row.id];
    const reply = await this.link.request({ kind: "expand", rowId: row.id, expanded, siblings });
    if (reply.kind !== "value") return;
    this.events.toggled(touched, expanded);
    this.rows.invalidate(reply.value.total);
    await this.followActive();
    this.events.changed();
  }

  /** Right: opens, or goes to the first child. */
  async openOrEnter(): Promise<void> {
    if (this.active === null) return;
    const { row, index } = this.active;
    if (!row.expandable) return;
    if (row.expanded) await this.moveTo(index + 1);
    else await this.setExpanded(row, true);
  }

  /** Left: closes, or goes to the parent. */
  async closeOrLeave(): Promise<void> {
    if (this.active === null) return;
    const { row, index } = this.active;
    if (row.expandable && row.expanded) await this.setExpanded(row, false);
    else if (row.level > 1) await this.moveTo(await this.parentIndex(index, row));
  }

  /** A letter: goes to the next visible row whose label begins with what was typed within the last second. `now` in milliseconds. */
  async type(letter: string, now: number): Promise<void> {
    this.typed = now - this.typedAt > typeaheadMs ? letter : this.typed + letter;
    this.typedAt = now;
    // The same letter again and again walks through the rows that begin with it.
    const repeated = Array.from(this.typed).every((each) => each === letter);
    const prefix = repeated ? letter : this.typed;
    const from = this.position + (repeated ? 1 : 0);
    const reply = await this.link.request({ kind: "typeahead", prefix, from: from % Math.max(this.rows.total, 1) });
    if (reply.kind === "value" && reply.value.row !== null && reply.value.index >= 0) {
      this.setActive({ index: reply.value.index, row: reply.value.row }, true);
    }
  }

  /** Whether a space belongs to a word being typed. */
  isTyping(now: number): boolean {
    return this.typed !== "" && now - this.typedAt <= typeaheadMs;
  }

  private async refreshWhileNeeded(): Promise<void> {
    while (this.mustRefresh) {
      this.mustRefresh = false;
      await this.refreshOnce();
    }
    this.refreshing = null;
  }

  private async refreshOnce(): Promise<void> {
    const before = this.active;
    const located = before === null ? null : await this.link.request({ kind: "locate", rowId: before.row.id });
    if (located?.kind === "stale") return;
    const found = located?.kind === "value" && located.value.row !== null ? { index: located.value.index, row: located.value.row } : null;
    const moved = before === null || found === null ? 0 : found.index - before.index;
    const { first, end } = this.rows.inSight;
    const isInSight = before !== null && before.index >= first && before.index < end;
    const shift = isInSight ? moved : 0;
    await this.rows.refresh(first + shift, end + shift, () => {
      if (this.active?.row.id !== before?.row.id) return;
      if (found !== null) this.active = found;
      if (shift !== 0) this.events.shifted(shift);
    });
    // The selected row is no more, or another one was selected meanwhile.
    if (found === null || this.active?.row.id !== before?.row.id) await this.followOrStay();
    this.events.changed();
  }

  /** After rows came or went: finds the selected row again, else selects the one that stands in its place. */
  private async followOrStay(): Promise<void> {
    const { active } = this;
    if (active === null) {
      if (this.rows.total > 0) await this.moveTo(0);
      return;
    }
    await this.followActive();
    if (this.active?.row.id === active.row.id && this.rows.settledRowAt(this.active.index)?.id !== active.row.id)
      await this.moveTo(active.index);
  }

  setActive(active: ActiveRow | null, reveal: boolean): void {
    this.target = null;
    this.active = active;
    this.events.selected(active, reveal);
    this.events.changed();
  }

  /**
   * Index of a row's parent. From any row below the parent, `posInSet` rows up lies that row's own parent or something after it, so
   * the jumps end at the parent and skip whole runs of siblings.
   */
  private async parentIndex(index: number, row: TreeRow): Promise<number> {
    let at = index;
    let here: TreeRow | null = row;
    while (here !== null && here.level >= row.level && at > 0) {
      at = Math.max(0, at - Math.max(1, here.posInSet));
      here = this.rows.settledRowAt(at) ?? (await this.rows.load(at));
    }
    return at;
  }

  /** The row's siblings among the rows at hand. */
  private knownSiblings(row: TreeRow): string[] {
    const ids = [row.id];
    if (this.active === null) return ids;
    for (const step of [-1, 1]) {
      for (let at = this.active.index + step; ; at += step) {
        const other = this.rows.settledRowAt(at);
        if (other === null || other.level < row.level) break;
        if (other.level === row.level && other.expandable) ids.push(other.id);
      }
    }
    return ids;
  }

  /** After rows moved: finds the selected row again, by its id. */
  private async followActive(): Promise<void> {
    const active = this.active;
    if (active === null) return;
    const here = await this.rows.load(active.index);
    if (here?.id === active.row.id) {
      this.active = { index: active.index, row: here };
      return;
    }
    const reply = await this.link.request({ kind: "locate", rowId: active.row.id });
    if (reply.kind === "value" && reply.value.row !== null) this.active = { index: reply.value.index, row: reply.value.row };
  }

  /** The selected row's own data (opened or not, its status) may be newer in a window that just came. */
  private refreshActive(): void {
    const active = this.active;
    if (active === null) return;
    const row = this.rows.settledRowAt(active.index);
    if (row !== null && row.id === active.row.id) this.active = { index: active.index, row };
  }
}

const typeaheadMs = 1000;
