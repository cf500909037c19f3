import { html, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TreeRow } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { HoverIntent } from "./HoverIntent.ts";
import { Part } from "./Part.ts";
import { setStyle } from "./setStyle.ts";
import { axisTicks } from "./timeAxis.ts";
import type { TreeModel } from "./TreeModel.ts";
import { treeRowTemplate, waitingRowTemplate } from "./treeRow.ts";
import { boxHeight, listTopOf, listTopShowing, pageStep, rowsToDraw, rowTop, scrollTopOf, type ListSpace } from "./virtualWindow.ts";

/** Heights in CSS pixels, as in `css/tree.css`: VS Code's own list rows. */
const rowHeight = 22;
const headHeight = 24;
const overscan = 12;

/** The stages and what happened in them, as an ARIA tree-grid of which only the rows in sight (and the selected one) exist. */
export class TreeGrid extends Part {
  static override properties = { model: { attribute: false }, actions: { attribute: false }, version: { attribute: false } };

  model: TreeModel | null = null;
  actions: Actions = noActions;
  /** Counts up whenever the model has something new to draw. */
  version = 0;
  /** Called with the scrolled box's place, to be remembered. */
  onScrolled: (scrollTop: number) => void = () => undefined;
  /** Called when a child run's card is wanted beside its row; by keyboard it takes the focus. */
  onCard: (row: TreeRow, anchor: DOMRect, byKeyboard: boolean) => void = () => undefined;
  /** Called when the pointer has left the row whose card it asked for. */
  onCardLeft: () => void = () => undefined;

  private viewport = 0;
  private ticks = 6;
  private scrollTop_ = 0;
  /** Exact place in the list for a `scrollTop` set by us: in very long lists one pixel of the scroll bar is many rows. */
  private exact: { readonly scrollTop: number; readonly listTop: number } | null = null;
  private resize: ResizeObserver | null = null;
  private wantsFocus = false;
  private readonly hover = new HoverIntent(
    (row) => this.askCard(row, false),
    () => this.onCardLeft(),
  );

  /** Brings the selected row into sight. */
  reveal(): void {
    const index = this.model?.active?.index;
    if (index !== undefined) this.scrollToList(listTopShowing(index, this.listTop, this.space));
  }

  /** Scrolls the box, as remembered from before. */
  restoreScroll(scrollTop: number): void {
    this.updateComplete.then(
      () => {
        const scroller = this.scroller;
        if (scroller !== null) scroller.scrollTop = scrollTop;
      },
      () => undefined,
    );
  }

  /** Puts the keyboard on the selected row. */
  focusActive(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".tree-scroller");
  }

  private get space(): ListSpace {
    return { total: this.model?.rows.total ?? 0, rowHeight, viewport: this.viewport };
  }

  private get listTop(): number {
    return this.exact?.scrollTop === this.scrollTop_ ? this.exact.listTop : listTopOf(this.scrollTop_, this.space);
  }

  private scrollToList(listTop: number): void {
    const scroller = this.scroller;
    if (scroller === null || listTop === this.listTop) return;
    scroller.scrollTop = scrollTopOf(listTop, this.space);
    this.scrollTop_ = scroller.scrollTop;
    this.exact = { scrollTop: this.scrollTop_, listTop };
    this.requestUpdate();
  }

  protected override firstUpdated(): void {
    const scroller = this.scroller;
    if (scroller === null) return;
    this.resize = new ResizeObserver(() => this.measure(scroller));
    this.resize.observe(scroller);
    this.measure(scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    this.hover.cancel();
  }

  private measure(scroller: HTMLElement): void {
    this.viewport = Math.max(0, scroller.clientHeight - headHeight);
    const ruler = this.querySelector<HTMLElement>(".head .time");
    this.ticks = Math.max(1, Math.floor((ruler?.clientWidth ?? 0) / 64));
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { model, space } = this;
    const rows = model?.rows;
    const axis = rows?.axis ?? null;
    const ticks = axis === null ? [] : axisTicks(axis.endMs - axis.startMs, this.ticks);
    return html`<div class="tree-scroller" @scroll=${this.scrolled}>
      <div
        role="treegrid"
        class="tree"
        aria-label="Stages of the run"
        aria-rowcount=${space.total + 1}
        @keydown=${this.keyed}
        @click=${this.clicked}
        @dblclick=${this.doubleClicked}
        @pointermove=${this.pointed}
        @pointerleave=${() => this.hover.leave()}
      >
        <div role="rowgroup" class="head-group">
          <div role="row" class="head" aria-rowindex="1">
            <div role="columnheader" class="cell name">Name</div>
            <div role="columnheader" class="cell status">Status</div>
            <div role="columnheader" class="cell number tokens">Tokens</div>
            <div role="columnheader" class="cell number cost">Cost</div>
            <div role="columnheader" class="cell time" aria-label="Time">
              ${axis === null ? html`<span class="no-axis">Time</span>` : ticks.map((tick) => html`<span class="tick" aria-hidden="true" ${setStyle({ left: `${tick.at * 100}%` })}>${tick.label}</span>`)}
            </div>
          </div>
        </div>
        <div class="axis-lines" aria-hidden="true">
          <div class="axis-lane">${ticks.map((tick) => html`<span ${setStyle({ left: `${tick.at * 100}%` })}></span>`)}</div>
        </div>
        <div role="rowgroup" class="rows" ${setStyle({ height: `${boxHeight(space)}px` })}>${this.rowTemplates(axis)}</div>
      </div>
    </div>`;
  }

  private rowTemplates(axis: { readonly startMs: number; readonly endMs: number } | null): unknown {
    const { model, space, listTop } = this;
    if (model === null) return [];
    const range = rowsToDraw(listTop, space, overscan);
    const shown: { readonly index: number; readonly row: TreeRow | null }[] = [];
    for (let index = range.first; index < range.end; index += 1) shown.push({ index, row: model.rows.rowAt(index) });
    const active = model.active;
    // The selected row exists even far out of sight, so that scrolling never takes the keyboard's place away.
    if (active !== null && active.index < range.first) shown.unshift(active);
    else if (active !== null && active.index >= range.end) shown.push(active);
    const seen = new Set<string>();
    return repeat(
      shown,
      ({ index, row }) => {
        // While rows are moving, an old and a new block may both hold a row: the second one is keyed by its place.
        const key = row === null || seen.has(row.id) ? `at:${index}` : row.id;
        seen.add(key);
        return key;
      },
      ({ index, row }) => {
        const place = { index, top: rowTop(index, listTop, this.scrollTop_, space), active: row !== null && index === active?.index };
        return row === null ? waitingRowTemplate(place) : treeRowTemplate(place.active ? (active?.row ?? row) : row, place, axis);
      },
    );
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { model } = this;
    if (model === null) return;
    const range = rowsToDraw(this.listTop, this.space, overscan);
    model.rows.want(range.first, range.end);
    if (!this.wantsFocus) return;
    const row = this.querySelector<HTMLElement>(".row.active");
    if (row === null) return;
    this.wantsFocus = false;
    row.focus({ preventScroll: true });
  }

  private readonly scrolled = (): void => {
    const scroller = this.scroller;
    if (scroller === null || scroller.scrollTop === this.scrollTop_) return;
    this.scrollTop_ = scroller.scrollTop;
    this.hover.cancel();
    this.onCardLeft();
    this.onScrolled(this.scrollTop_);
    this.requestUpdate();
  };

  /** Does what a key does and says whether it did anything. */
  private key(event: KeyboardEvent, model: TreeModel): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const active = model.active;
    switch (event.key) {
      case "ArrowDown":
        return this.go(model.moveTo(model.position + 1));
      case "ArrowUp":
        return this.go(model.moveTo(model.position - 1));
      case "PageDown":
        return this.go(model.moveTo(model.position + pageStep(this.space)));
      case "PageUp":
        return this.go(model.moveTo(model.position - pageStep(this.space)));
      case "Home":
        return this.go(model.moveTo(0));
      case "End":
        return this.go(model.moveTo(model.rows.total - 1));
      case "ArrowRight":
        return this.go(model.openOrEnter());
      case "ArrowLeft":
        return this.go(model.closeOrLeave());
      case "*":
        return active !== null && this.go(model.setExpanded(active.row, true, true));
      case "Enter":
        return active !== null && this.open(active.row);
      case " ":
        if (model.isTyping(event.timeStamp)) return this.go(model.type(" ", event.timeStamp));
        return active !== null && this.askCard(this.rowElement(active.index), true);
      default:
        return Array.from(event.key).length === 1 && this.go(model.type(event.key, event.timeStamp));
    }
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (this.model === null || !this.key(event, this.model)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private go(done: Promise<void>): true {
    this.hover.cancel();
    this.onCardLeft();
    this.wantsFocus = true;
    void done.then(() => this.focusActive());
    return true;
  }

  private open(row: TreeRow): true {
    if (row.kind === "childRun") this.actions.post({ kind: "openChildRecord", rowId: row.id });
    else this.dispatchEvent(new CustomEvent("leave-tree"));
    return true;
  }

  private askCard(element: HTMLElement | null, byKeyboard: boolean): boolean {
    const row = this.rowOf(element);
    if (element === null || row?.kind !== "childRun") return false;
    const label = element.querySelector(".label") ?? element;
    const rowBox = element.getBoundingClientRect();
    this.onCard(row, new DOMRect(label.getBoundingClientRect().left, rowBox.top, 0, rowBox.height), byKeyboard);
    return true;
  }

  private rowElement(index: number): HTMLElement | null {
    return this.querySelector<HTMLElement>(`.row[data-index="${index}"]`);
  }

  private rowOf(element: HTMLElement | null): TreeRow | null {
    const index = Number(element?.dataset["index"] ?? "-1");
    const { model } = this;
    if (model === null) return null;
    return model.active?.index === index ? model.active.row : model.rows.rowAt(index);
  }

  private rowUnder(event: Event): HTMLElement | null {
    return event.target instanceof Element ? event.target.closest<HTMLElement>(".row[data-index]") : null;
  }

  private readonly clicked = (event: MouseEvent): void => {
    const element = this.rowUnder(event);
    const row = this.rowOf(element);
    if (element === null || row === null || this.model === null) return;
    const onTwistie = event.target instanceof Element && event.target.closest("[data-twistie]") !== null;
    this.hover.cancel();
    this.wantsFocus = true;
    this.model.setActive({ index: Number(element.dataset["index"]), row }, false);
    if (onTwistie) void this.model.setExpanded(row, !row.expanded);
  };

  private readonly doubleClicked = (event: MouseEvent): void => {
    const row = this.rowOf(this.rowUnder(event));
    if (row === null || (event.target instanceof Element && event.target.closest("[data-twistie]") !== null)) return;
    if (row.kind === "childRun") this.open(row);
    else if (row.expandable) void this.model?.setExpanded(row, !row.expanded);
  };

  private readonly pointed = (event: PointerEvent): void => {
    if (event.pointerType === "touch") return;
    const element = this.rowUnder(event);
    this.hover.over(this.rowOf(element)?.kind === "childRun" ? element : null);
  };
}

customElements.define("rr-tree", TreeGrid);
