import { html, nothing, type TemplateResult } from "lit";
import type { ViewId } from "../src/protocol/page.ts";
import "./MenuButton.ts";
import { Part } from "./Part.ts";
import { recordText } from "./text.ts";
import { fittingTabs, type ViewTab } from "./tabs.ts";
import { cut, plainText } from "./visibleText.ts";

/** Room for the button of the menu, in CSS pixels. */
const menuWidth = 72;

/** The views as tabs. Those that do not fit beside each other are in a menu. */
export class TabBar extends Part {
  static override properties = { tabs: { attribute: false }, view: { attribute: false }, fitting: { state: true } };

  tabs: readonly ViewTab[] = [];
  view: ViewId = "tree";
  onView: (view: ViewId) => void = () => undefined;
  /** Indices of the tabs beside each other; null before they were measured. */
  private fitting: readonly number[] | null = null;
  private focusAfter = false;
  private resize: ResizeObserver | null = null;

  protected override firstUpdated(): void {
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  protected override updated(): void {
    this.measure();
    if (!this.focusAfter) return;
    // A tab chosen in the menu takes its place in the bar with the next drawing.
    const tab = this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    if (tab === null) return;
    this.focusAfter = false;
    tab.focus();
  }

  private measure(): void {
    const bar = this.querySelector<HTMLElement>(".tab-bar");
    if (bar === null) return;
    const widths = [...this.querySelectorAll<HTMLElement>(".tab-sizes > .tab")].map((tab) => tab.getBoundingClientRect().width);
    const selected = this.tabs.findIndex((tab) => tab.id === this.view);
    const fitting = fittingTabs(widths, bar.clientWidth - 2 * sidePadding, menuWidth, Math.max(selected, 0));
    if (fitting.join() !== this.fitting?.join()) this.fitting = fitting;
  }

  protected override render(): TemplateResult {
    const { tabs } = this;
    const shown = this.fitting === null ? tabs : this.fitting.flatMap((at) => tabs[at] ?? []);
    const hidden = tabs.filter((tab) => !shown.includes(tab));
    return html`<div class="tab-bar">
      <div role="tablist" aria-label="Views" class="tab-list" @keydown=${this.keyed}>${shown.map((tab) => this.tabTemplate(tab))}</div>
      ${
        hidden.length === 0
          ? nothing
          : html`<rr-menu
              .label=${"More"}
              .glyph=${"chevron-down"}
              .plain=${false}
              .items=${hidden.map((tab) => ({ id: tab.id, label: tab.title, ...(tabNote(tab) === "" ? {} : { note: tabNote(tab) }) }))}
              .onChoose=${(id: string) => this.choose(tabs.find((tab) => tab.id === id))}
            ></rr-menu>`
      }
      <div class="tab-sizes" aria-hidden="true">${tabs.map((tab) => html`<span class="tab">${this.faceTemplate(tab)}</span>`)}</div>
    </div>`;
  }

  private tabTemplate(tab: ViewTab): TemplateResult {
    const selected = tab.id === this.view;
    return html`<button
      class="tab"
      role="tab"
      id="tab-${tab.id}"
      aria-controls="view"
      aria-selected=${String(selected)}
      tabindex=${selected ? 0 : -1}
      @click=${() => this.choose(tab)}
    >
      ${this.faceTemplate(tab)}
    </button>`;
  }

  private faceTemplate(tab: ViewTab): TemplateResult {
    return html`${tab.title}${
      tab.alert !== null
        ? html`<span class="badge alert">${recordText(cut(tab.alert, 24))}</span>`
        : tab.count === null
          ? nothing
          : html`<span class="badge">${tab.count.toLocaleString()}</span>`
    }`;
  }

  private choose(tab: ViewTab | undefined): void {
    if (tab === undefined) return;
    this.focusAfter = true;
    this.onView(tab.id);
    this.requestUpdate();
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tabs } = this;
    const shown = (this.fitting ?? tabs.map((_, at) => at)).flatMap((at) => tabs[at] ?? []);
    const at = shown.findIndex((tab) => tab.id === this.view);
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.choose(shown.at(next % shown.length));
  };
}

/** Left and right of the tabs, as in `css/tabs.css`, in CSS pixels. */
const sidePadding = 8;

function tabNote(tab: ViewTab): string {
  return tab.alert === null ? (tab.count?.toLocaleString() ?? "") : plainText(cut(tab.alert, 24));
}

customElements.define("rr-tabs", TabBar);
