import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ChildCard, TreeRow } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { button } from "./controls.ts";
import { fieldsTemplate } from "./fields.ts";
import { presenceIcons, toneIcons } from "./looks.ts";
import { Part } from "./Part.ts";
import { icon, recordText } from "./text.ts";
import { cut } from "./visibleText.ts";

/** How long the pointer may be on its way from the row to the card, in milliseconds. */
const graceMs = 350;

/**
 * The card of a child run, beside its row. It stays while the pointer is on the row or on the card, or the keyboard inside it; Escape
 * closes it without moving pointer or focus elsewhere than back to the row.
 */
export class HoverCard extends Part {
  static override properties = { actions: { attribute: false }, card: { state: true } };

  actions: Actions = noActions;
  private card: { readonly rowId: string; readonly data: ChildCard } | null = null;
  private anchor = new DOMRect();
  private wanted: string | null = null;
  private takeFocus = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** Asks for a row's card and shows it under (or above) the anchor. */
  async open(row: TreeRow, anchor: DOMRect, byKeyboard: boolean): Promise<void> {
    this.keep();
    this.wanted = row.id;
    const reply = await this.actions.request({ kind: "card", rowId: row.id });
    if (this.wanted !== row.id || reply.kind !== "value" || reply.value === null) return;
    this.anchor = anchor;
    this.takeFocus = byKeyboard;
    this.card = { rowId: row.id, data: reply.value };
  }

  /** The pointer left the row: the card closes soon, unless the pointer comes to it. */
  leave(): void {
    this.wanted = null;
    if (this.card === null || this.contains(document.activeElement)) return;
    this.timer ??= setTimeout(() => this.close(false), graceMs);
  }

  close(backToTree: boolean): void {
    this.keep();
    this.wanted = null;
    const hadFocus = this.contains(document.activeElement);
    this.card = null;
    if (backToTree && hadFocus) this.actions.focusTree();
  }

  private keep(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private readonly escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || this.card === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.close(true);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.escape, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.escape, true);
    this.keep();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.card === null) return nothing;
    const { rowId, data } = this.card;
    const canOpen = data.record === "present" || data.record === "outside";
    return html`<div
      class="card"
      role="dialog"
      aria-label="Child run"
      tabindex="-1"
      @pointerenter=${() => this.keep()}
      @pointerleave=${() => this.leave()}
      @focusout=${(event: FocusEvent) => {
        if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close(false);
      }}
    >
      <div class="card-head">
        ${icon("type-hierarchy-sub", "kind kind-childRun")}<b>${recordText(cut(data.title, 200))}</b>
        <span class="tone-${data.status.tone}">${icon(toneIcons[data.status.tone])}${recordText(cut(data.status.text, 80))}</span>
      </div>
      ${fieldsTemplate(data.fields, this.actions, 400)}
      <div class="card-foot">
        <span class="presence presence-${data.record}"
          >${icon(presenceIcons[data.record])}<span>${recordText(cut(data.recordNote, 400))}</span></span
        >
        ${canOpen ? button({ label: "Open record", name: "open-child", onClick: () => this.actions.post({ kind: "openChildRecord", rowId }) }) : nothing}
      </div>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const card = this.querySelector<HTMLElement>(".card");
    if (card === null || !changed.has("card")) return;
    const margin = 8;
    const { width, height } = card.getBoundingClientRect();
    const below = this.anchor.bottom + 2;
    const fitsBelow = below + height + margin <= window.innerHeight;
    const top = fitsBelow ? below : Math.max(margin, this.anchor.top - height - 2);
    card.style.left = `${Math.max(margin, Math.min(this.anchor.left, window.innerWidth - width - margin))}px`;
    card.style.top = `${top}px`;
    if (this.takeFocus) card.focus({ preventScroll: true });
    this.takeFocus = false;
  }
}

customElements.define("rr-card", HoverCard);
