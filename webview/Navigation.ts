import type { ViewId } from "../src/protocol/page.ts";
import type { TableId } from "../src/view/tables.ts";
import { isTableId } from "./tabs.ts";
import type { TreeModel } from "./TreeModel.ts";
import type { Views } from "./Views.ts";

/** Jumps remembered; older ones are forgotten. */
const placeLimit = 50;

/** A row of a view; null where none was selected. */
interface Place {
  readonly view: ViewId;
  readonly rowId: string | null;
}

export interface NavigationEvents {
  /** Another view is shown, or another row of it. `focus`: the keyboard goes into it. */
  settle(focus: boolean): void;
  /** The tree's selected row must come into sight. */
  revealInTree(): void;
  announce(sentence: string): void;
}

/** Goes to rows and views, and back to where a jump from one view to another began. */
export class Navigation {
  private readonly model: TreeModel;
  private readonly views: Views;
  private readonly events: NavigationEvents;
  private places: readonly Place[] = [];

  constructor(model: TreeModel, views: Views, events: NavigationEvents) {
    this.model = model;
    this.views = views;
    this.events = events;
  }

  /** The view {@link back} leads to; null when nothing was jumped from. */
  get backTo(): ViewId | null {
    return this.places.at(-1)?.view ?? null;
  }

  /** A view somebody chose: there is no way back from it but to choose another one. */
  show(view: ViewId, focus: boolean): void {
    this.forget();
    this.views.show(view);
    this.events.settle(focus);
  }

  /** Nothing was jumped from any more. */
  forget(): void {
    this.places = [];
  }

  /** Selects a row of the tree, whatever view is shown. */
  async selectRow(rowId: string): Promise<void> {
    if (!(await this.model.select(rowId))) this.events.announce("That row is not in this record");
    else if (this.views.view === "tree") this.events.revealInTree();
  }

  /** The same, with the tree shown. The keyboard follows only from another view. */
  async goToRow(rowId: string): Promise<void> {
    const { view } = this.views;
    if (view === "tree") return this.selectRow(rowId);
    this.jumpFrom(view);
    this.views.show("tree");
    await this.selectRow(rowId);
    this.events.settle(true);
  }

  async goToTableRow(table: TableId, rowId: string): Promise<void> {
    if (this.views.view !== table) this.jumpFrom(this.views.view);
    await this.showTableRow(table, rowId);
    this.events.settle(true);
  }

  /** To where the last jump began. Answers false when there was none. */
  back(): boolean {
    const place = this.places.at(-1);
    if (place === undefined) return false;
    this.places = this.places.slice(0, -1);
    void this.goTo(place).then(() => this.events.settle(true));
    return true;
  }

  private async goTo({ view, rowId }: Place): Promise<void> {
    if (isTableId(view) && rowId !== null) return this.showTableRow(view, rowId);
    this.views.show(view);
    if (view === "tree" && rowId !== null) await this.selectRow(rowId);
  }

  private async showTableRow(table: TableId, rowId: string): Promise<void> {
    const outcome = await this.views.showRow(table, rowId);
    if (outcome === "absent") this.events.announce("That row is not there (any more)");
    if (outcome === "unfiltered") this.events.announce("The filters were cleared to show the row");
  }

  private jumpFrom(view: ViewId): void {
    const { table } = this.views;
    const rowId = table === null ? (this.model.active?.row.id ?? null) : table.selectedId;
    this.places = [...this.places.slice(1 - placeLimit), { view, rowId }];
  }
}

/** Whether a key asks for {@link Navigation.back}: Alt+Left everywhere but in fields, and Escape on a row. */
export function isWayBack(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !(target instanceof Element)) return false;
  return event.altKey
    ? event.key === "ArrowLeft" && target.closest("vscode-text-field, input") === null
    : event.key === "Escape" && target.classList.contains("row");
}
