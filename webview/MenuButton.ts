import { html, nothing, type TemplateResult } from "lit";
import { Part } from "./Part.ts";
import { icon } from "./text.ts";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** Said after the label, dimmed. */
  readonly note?: string;
}

/** A button that opens a menu. Keys as in any menu: arrows, Home, End, first letters, Escape; Tab leaves it. */
export class MenuButton extends Part {
  static override properties = {
    label: { attribute: false },
    items: { attribute: false },
    glyph: { attribute: false },
    plain: { attribute: false },
    open: { state: true },
  };

  label = "";
  items: readonly MenuItem[] = [];
  /** A codicon's name. */
  glyph = "ellipsis";
  /** Only the icon is shown; the label is said. */
  plain = true;
  onChoose: (id: string) => void = () => undefined;
  private open = false;
  private focusNext: number | "button" | null = null;

  protected override render(): TemplateResult {
    return html`<button
        class=${this.plain ? "icon-button" : "menu-button"}
        title=${this.label}
        aria-label=${this.plain ? this.label : nothing}
        aria-haspopup="menu"
        aria-expanded=${String(this.open)}
        @click=${() => (this.open ? this.close(true) : this.show(0))}
        @keydown=${this.buttonKeyed}
      >
        ${this.plain ? icon(this.glyph) : html`${this.label}${icon(this.glyph)}`}</button
      >${
        this.open
          ? html`<div class="menu" role="menu" aria-label=${this.label} @keydown=${this.menuKeyed} @focusout=${this.left}>
              ${this.items.map(
                (item) =>
                  html`<button class="menu-item" role="menuitem" tabindex="-1" @click=${() => this.choose(item.id)}>
                    <span>${item.label}</span>${item.note === undefined ? nothing : html`<span class="dim">${item.note}</span>`}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  private show(at: number): void {
    this.open = true;
    this.focusNext = at;
  }

  private close(back: boolean): void {
    this.open = false;
    this.focusNext = back ? "button" : null;
  }

  private choose(id: string): void {
    this.close(true);
    this.onChoose(id);
  }

  private get entries(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".menu-item")];
  }

  protected override updated(): void {
    const next = this.focusNext;
    this.focusNext = null;
    if (next === "button") this.querySelector("button")?.focus();
    else if (next !== null) this.entries.at(next)?.focus();
  }

  private readonly buttonKeyed = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
    this.show(event.key === "ArrowDown" ? 0 : -1);
  };

  private readonly menuKeyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const { entries } = this;
    const at = entries.findIndex((entry) => entry === document.activeElement);
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
    const next = steps[event.key] ?? this.beginning(event.key, at);
    if (event.key === "Escape") this.close(true);
    else if (event.key === "Tab") this.close(false);
    else if (next !== null) entries.at(next % entries.length)?.focus();
    if (event.key === "Escape" || next !== null) event.preventDefault();
  };

  /** The next item that begins with a letter; null when it is no letter or there is none. */
  private beginning(key: string, after: number): number | null {
    if (Array.from(key).length !== 1 || key === " ") return null;
    const { items } = this;
    for (let step = 1; step <= items.length; step += 1) {
      const at = (after + step) % items.length;
      if (items[at]?.label.toLowerCase().startsWith(key.toLowerCase()) === true) return at;
    }
    return null;
  }

  private readonly left = (event: FocusEvent): void => {
    // A menu that goes away loses the keyboard too, and has given it elsewhere itself.
    if (this.open && !(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close(false);
  };
}

customElements.define("rr-menu", MenuButton);
