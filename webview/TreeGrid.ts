import { html, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TreeRow } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { HoverIntent } from "./HoverIntent.ts";
import { ListScroll } from "./ListScroll.ts";
import { Part } from "./Part.ts";
import { setStyle } from "./setStyle.ts";
import { axisTicks } from "./timeAxis.ts";
import type { TreeModel } from "./TreeModel.ts";
import { treeRowTemplate, waitingRowTemplate } from "./treeRow.ts";
import { boxHeight, listTopShowing, pageStep, rowsToDraw, rowTop, type ListSpace } from "./virtualWindow.ts";

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
  private readonly place = new ListScroll();
  private resize: ResizeObserver | null = null;
  private wantsFocus = false;
  private shiftBy = 0;
  /** Whether the keyboard was on a row before this drawing: it follows the selected row then, even when its row goes away. */
  private rowHadFocus = false;
  private keysDone: Promise<void> = Promise.resolve();
  private readonly hover = new HoverIntent(
    (row) => this.askCard(row, false),
    () => this.onCardLeft(),
  );

  /** Brings the selected row into sight. */
  reveal(): void {
    const index = this.model?.active?.index;
    if (index !== undefined) this.scrollToList(listTopShowing(index, this.listTop, this.space));
  }

  /** Keeps what is in sight where it is although so many rows came above it. */
  shift(rows: number): void {
    this.shiftBy += rows;
    this.requestUpdate();
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
    return this.place.listTop(this.space);
  }

  private scrollToList(listTop: number): void {
    const { scroller } = this;
    if (scroller !== null && this.place.scrollTo(scroller, listTop, this.space)) this.requestUpdate();
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
            <div role="columnheader" class="cell time">
              <span class="sr">Time</span>
              <span class="no-axis ${axis === null ? "" : "spare"}" aria-hidden="true">Time</span>
              ${ticks.map((tick) => html`<span class="tick" aria-hidden="true" ${setStyle({ left: `${tick.at * 100}%` })}>${tick.label}</span>`)}
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
        const place = { index, top: rowTop(index, listTop, this.place.scrollTop, space), active: row !== null && index === active?.index };
        return row === null ? waitingRowTemplate(place) : treeRowTemplate(place.active ? (active?.row ?? row) : row, place, axis);
      },
    );
  }

  protected override willUpdate(): void {
    const focused = document.activeElement;
    this.rowHadFocus = focused !== null && focused.classList.contains("row") && this.contains(focused);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { model } = this;
    if (model === null) return;
    if (this.shiftBy !== 0) this.scrollToList(Math.max(0, this.listTop + this.shiftBy * rowHeight));
    this.shiftBy = 0;
    const range = rowsToDraw(this.listTop, this.space, overscan);
    model.rows.want(range.first, range.end);
    const row = this.activeElement;
    if (row === null || !(this.wantsFocus || this.rowHadFocus)) return;
    this.wantsFocus = false;
    if (document.activeElement !== row) row.focus({ preventScroll: true });
  }

  private readonly scrolled = (): void => {
    const scroller = this.scroller;
    if (scroller === null || !this.place.follow(scroller)) return;
    this.hover.cancel();
    this.onCardLeft();
    this.onScrolled(this.place.scrollTop);
    this.requestUpdate();
  };

  /** What a key does; null when it is none of ours. It is asked for when the keys before it are done. */
  private keyAction(event: KeyboardEvent): ((model: TreeModel) => Promise<void> | void) | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    const { key, timeStamp } = event;
    switch (key) {
      case "ArrowDown":
        return (model) => model.moveTo(model.position + 1);
      case "ArrowUp":
        return (model) => model.moveTo(model.position - 1);
      case "PageDown":
        return (model) => model.moveTo(model.position + pageStep(this.space));
      case "PageUp":
        return (model) => model.moveTo(model.position - pageStep(this.space));
      case "Home":
        return (model) => model.moveTo(0);
      case "End":
        return (model) => model.moveTo(model.rows.total - 1);
      case "ArrowRight":
        return (model) => model.openOrEnter();
      case "ArrowLeft":
        return (model) => model.closeOrLeave();
      case "*":
        return (model) => (model.active === null ? undefined : model.setExpanded(model.active.row, true, true));
      case "Enter":
        return (model) => (model.active === null ? undefined : this.open(model.active.row));
      case " ":
        return (model) => (model.isTyping(timeStamp) ? model.type(key, timeStamp) : this.askCard(this.activeElement, true));
      default:
        return Array.from(key).length === 1 ? (model) => model.type(key, timeStamp) : null;
    }
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    const { model } = this;
    const action = model === null ? null : this.keyAction(event);
    if (model === null || action === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.hover.cancel();
    this.onCardLeft();
    // One key after the other: the second of two quick presses of Right must see what the first one opened.
    this.keysDone = this.keysDone.then(async () => {
      await action(model);
    });
  };

  private open(row: TreeRow): void {
    if (row.kind === "childRun") this.actions.post({ kind: "openChildRecord", rowId: row.id });
    else this.dispatchEvent(new CustomEvent("leave-rows"));
  }

  private askCard(element: HTMLElement | null, byKeyboard: boolean): void {
    const row = this.rowOf(element);
    if (element === null || row?.kind !== "childRun") return;
    const label = element.querySelector(".label") ?? element;
    const rowBox = element.getBoundingClientRect();
    this.onCard(row, new DOMRect(label.getBoundingClientRect().left, rowBox.top, 0, rowBox.height), byKeyboard);
  }

  private get activeElement(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".row.active");
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
    this.hover.again();
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
