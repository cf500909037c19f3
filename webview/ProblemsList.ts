import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ProblemView } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { severityLooks } from "./looks.ts";
import { Part } from "./Part.ts";
import { setStyle } from "./setStyle.ts";
import { icon, recordText } from "./text.ts";
import { boxHeight, listTopOf, listTopShowing, pageStep, rowsToDraw, rowTop, scrollTopOf, type ListSpace } from "./virtualWindow.ts";
import { cut, plainText } from "./visibleText.ts";

const rowHeight = 22;
const block = 100;

/** All faults of the file, most severe first, in windows. A click selects the row a fault lies in; a button leads to its place in the text. */
export class ProblemsList extends Part {
  static override properties = {
    total: { attribute: false },
    revision: { attribute: false },
    actions: { attribute: false },
    active: { state: true },
  };

  total = 0;
  revision = 0;
  actions: Actions = noActions;
  private active = 0;
  private problems = new Map<number, readonly ProblemView[]>();
  private readonly underWay = new Set<number>();
  private scrollTop_ = 0;
  private viewport = 0;
  private resize: ResizeObserver | null = null;
  private wantsFocus = false;
  private fault: string | null = null;

  focusList(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  private get space(): ListSpace {
    return { total: this.total, rowHeight, viewport: this.viewport };
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".problems-scroller");
  }

  private problemAt(index: number): ProblemView | null {
    return this.problems.get(Math.floor(index / block))?.[index % block] ?? null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("revision")) return;
    this.problems = new Map();
    this.underWay.clear();
    this.active = Math.min(this.active, Math.max(0, this.total - 1));
  }

  protected override firstUpdated(): void {
    const { scroller } = this;
    if (scroller === null) return;
    this.resize = new ResizeObserver(() => {
      this.viewport = scroller.clientHeight;
      this.requestUpdate();
    });
    this.resize.observe(scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  protected override render(): TemplateResult {
    const { space } = this;
    const listTop = listTopOf(this.scrollTop_, space);
    const range = rowsToDraw(listTop, space, 10);
    const shown = new Set<number>();
    if (this.active < range.first) shown.add(this.active);
    for (let index = range.first; index < range.end; index += 1) shown.add(index);
    if (this.total > 0) shown.add(this.active);
    return html`<section class="problems" aria-label="Problems">
      <div class="bar-line">
        <h2>Problems</h2>
        <span class="dim">${this.total.toLocaleString()} in this file</span>
        <button class="link" data-name="back-to-tree" @click=${() => this.actions.showTree()}>${icon("list-tree")} Back to the tree</button>
      </div>
      ${this.fault === null ? nothing : html`<p class="tone-failure" role="alert">${this.fault}</p>`}
      <div class="problems-scroller" @scroll=${this.scrolled}>
        <div
          class="problems-rows"
          role="grid"
          aria-label="Problems of this file"
          aria-rowcount=${this.total}
          @keydown=${this.keyed}
          ${setStyle({ height: `${boxHeight(space)}px` })}
        >
          ${repeat(
            shown,
            (index) => index,
            (index) => this.rowTemplate(index, rowTop(index, listTop, this.scrollTop_, space)),
          )}
        </div>
      </div>
    </section>`;
  }

  private rowTemplate(index: number, top: number): TemplateResult {
    const problem = this.problemAt(index);
    const active = index === this.active;
    if (problem === null) {
      return html`<div
        class="row waiting"
        role="row"
        aria-rowindex=${index + 1}
        tabindex=${active ? 0 : -1}
        ${setStyle({ top: `${top}px` })}
      >
        <span role="gridcell" aria-label="Loading"></span>
      </div>`;
    }
    const looks = severityLooks[problem.severity];
    const place = `Line ${problem.line}, column ${problem.column}`;
    return html`<div
      class="row ${active ? "active" : ""}"
      role="row"
      aria-rowindex=${index + 1}
      aria-selected=${String(active)}
      tabindex=${active ? 0 : -1}
      data-index=${index}
      ${setStyle({ top: `${top}px` })}
      @click=${() => this.choose(index, problem)}
      @dblclick=${() => this.goTo(problem)}
    >
      <span role="gridcell" class="severity-${problem.severity} codicon codicon-${looks.icon}" aria-label=${looks.word}></span>
      <span role="gridcell" class="message" title=${plainText(cut(problem.message, 2000))}>${recordText(cut(problem.message, 400))}</span>
      <span role="gridcell" class="mono dim where" title=${plainText(cut(problem.path, 1000))}>${recordText(cut(problem.path, 200))}</span>
      <span role="gridcell" class="reveal"
        ><button
          class="link mono"
          tabindex=${active ? 0 : -1}
          title="${place}: show in the text"
          aria-label="${problem.line}:${problem.column}, show in the text"
          @click=${(event: Event) => {
            event.stopPropagation();
            this.actions.post({ kind: "openAsText", offset: problem.offset });
          }}
        >
          ${problem.line}:${problem.column}
        </button></span
      >
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const range = rowsToDraw(listTopOf(this.scrollTop_, this.space), this.space, 10);
    for (let at = Math.floor(range.first / block); at * block < range.end; at += 1) void this.fetch(at);
    if (!this.wantsFocus) return;
    const row = this.querySelector<HTMLElement>('.row[data-index][tabindex="0"]');
    if (row === null) return;
    this.wantsFocus = false;
    row.focus({ preventScroll: true });
  }

  private async fetch(at: number): Promise<void> {
    if (this.problems.has(at) || this.underWay.has(at)) return;
    this.underWay.add(at);
    const { revision } = this;
    const reply = await this.actions.request({ kind: "problems", start: at * block, count: block });
    if (revision !== this.revision || reply.kind === "stale") return;
    this.underWay.delete(at);
    this.fault = reply.kind === "error" ? reply.error.message : null;
    this.problems.set(at, reply.kind === "value" ? reply.value.problems : []);
    this.requestUpdate();
  }

  private readonly scrolled = (): void => {
    this.scrollTop_ = this.scroller?.scrollTop ?? 0;
    this.requestUpdate();
  };

  private choose(index: number, problem: ProblemView): void {
    this.active = index;
    if (problem.rowId !== null) this.actions.select(problem.rowId);
    this.focusList();
  }

  /** Leaves the list for the row a problem lies in, or, when it lies in none, for the text. */
  private goTo(problem: ProblemView): void {
    if (problem.rowId === null) {
      this.actions.post({ kind: "openAsText", offset: problem.offset });
      return;
    }
    this.actions.select(problem.rowId);
    this.actions.showTree();
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.key === "Enter" && event.target instanceof HTMLButtonElement)) return;
    const problem = this.problemAt(this.active);
    const page = pageStep(this.space);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.total - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) this.moveTo(next);
    else if (event.key === "Enter" && problem !== null) this.goTo(problem);
    else if (event.key === "Escape") this.actions.showTree();
    else return;
    event.preventDefault();
  };

  private moveTo(wanted: number): void {
    this.active = Math.min(Math.max(wanted, 0), Math.max(0, this.total - 1));
    const { scroller, space } = this;
    if (scroller !== null)
      scroller.scrollTop = scrollTopOf(listTopShowing(this.active, listTopOf(scroller.scrollTop, space), space), space);
    const problem = this.problemAt(this.active);
    if (problem !== null && problem.rowId !== null) this.actions.select(problem.rowId);
    this.focusList();
  }
}

customElements.define("rr-problems", ProblemsList);
