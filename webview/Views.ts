import type { ViewId } from "../src/protocol/page.ts";
import type { AroundView, TableId } from "../src/view/tables.ts";
import type { HostLink } from "./HostLink.ts";
import type { PageStateStore } from "./PageStateStore.ts";
import { TableController } from "./TableController.ts";
import { isTableId } from "./tabs.ts";

/** So long (milliseconds) a table may be missing among the tabs before the tree is shown instead: it may be still looked for. */
const graceMs = 2000;

export interface ViewEvents {
  changed(): void;
  /** The shown table's selected row is another one, or is known anew. */
  selected(rowId: string | null): void;
  /** The shown table's row under the keyboard must come into sight. */
  reveal(): void;
  shifted(rows: number): void;
  /** The table that was shown is no more, and the tree is shown in its place. */
  fellBack(): void;
}

/** Which of the views is shown, and the tables among them. */
export class Views {
  view: ViewId;
  around: AroundView | null = null;
  private readonly link: HostLink;
  private readonly state: PageStateStore;
  private readonly events: ViewEvents;
  private readonly tables = new Map<TableId, TableController>();
  private grace: ReturnType<typeof setTimeout> | null = null;

  constructor(link: HostLink, state: PageStateStore, events: ViewEvents) {
    this.link = link;
    this.state = state;
    this.events = events;
    this.view = state.current.view;
  }

  /** The table that is shown; null when another view is. */
  get table(): TableController | null {
    return isTableId(this.view) ? this.tableOf(this.view) : null;
  }

  show(view: ViewId): void {
    if (view !== this.view) {
      this.view = view;
      this.state.update((now) => ({ ...now, view }));
    }
    this.bringUpToDate();
    this.events.changed();
  }

  /** Shows a table with one of its rows selected. */
  async showRow(table: TableId, rowId: string): Promise<Awaited<ReturnType<TableController["reveal"]>>> {
    this.show(table);
    return this.tableOf(table).reveal(rowId);
  }

  /** The record is another revision of itself. */
  opened(problemCount: number): void {
    if (this.view === "problems" && problemCount === 0) this.view = "tree";
    for (const table of this.tables.values()) table.forget();
    if (this.around !== null) this.bringUpToDate();
  }

  receive(around: AroundView): void {
    this.around = around;
    this.bringUpToDate();
    this.events.changed();
  }

  private bringUpToDate(): void {
    if (this.grace !== null && this.isThere) {
      clearTimeout(this.grace);
      this.grace = null;
    }
    if (this.around === null) return;
    if (!this.isThere) this.grace ??= setTimeout(() => this.fallBack(), graceMs);
    void this.table?.refresh(this.around.version);
  }

  private get isThere(): boolean {
    return !isTableId(this.view) || this.around?.tabs.some((tab) => tab.id === this.view) === true;
  }

  private fallBack(): void {
    this.grace = null;
    if (this.isThere) return;
    this.show("tree");
    this.events.fellBack();
  }

  private tableOf(id: TableId): TableController {
    const known = this.tables.get(id);
    if (known !== undefined) return known;
    const isShown = (): boolean => this.view === id;
    const table: TableController = new TableController(
      id,
      (request) => this.link.request(request),
      {
        changed: () => isShown() && this.events.changed(),
        selected: (rowId) => {
          this.remember(id, table);
          if (isShown()) this.events.selected(rowId);
        },
        reveal: () => isShown() && this.events.reveal(),
        shifted: (rows) => isShown() && this.events.shifted(rows),
        queried: () => {
          this.remember(id, table);
          if (isShown()) this.events.reveal();
        },
      },
      this.state.current.tables[id] ?? null,
    );
    this.tables.set(id, table);
    return table;
  }

  private remember(id: TableId, { selectedId, query }: TableController): void {
    this.state.update((now) => ({ ...now, tables: { ...now.tables, [id]: { selected: selectedId, query } } }));
  }
}
