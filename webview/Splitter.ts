import { html, type TemplateResult } from "lit";
import { Part } from "./Part.ts";

/** Narrowest detail pane, and what is left of the tree beside it at least, in CSS pixels. */
const least = 240;
const leastBeside = 320;

/** The line between tree and details: dragged, or moved by the arrow keys when it has the keyboard. Double click resets it. */
export class Splitter extends Part {
  static override properties = { width: { attribute: false }, room: { attribute: false } };

  /** Width of the detail pane; null for the usual share. */
  width: number | null = null;
  /** Width of tree and details together. */
  room = 1200;
  onWidth: (width: number | null) => void = () => undefined;

  private get most(): number {
    return Math.max(least, this.room - leastBeside);
  }

  private get now(): number {
    return this.clamp(this.width ?? usualWidth(this.room));
  }

  private clamp(width: number): number {
    return Math.round(Math.min(Math.max(width, least), this.most));
  }

  protected override render(): TemplateResult {
    return html`<div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the details"
      aria-controls="details"
      aria-valuenow=${this.now}
      aria-valuemin=${least}
      aria-valuemax=${this.most}
      tabindex="0"
      @keydown=${this.keyed}
      @pointerdown=${this.pressed}
      @pointermove=${this.dragged}
      @dblclick=${() => this.onWidth(null)}
    ></div>`;
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 64 : 16;
    const widths: Readonly<Record<string, number>> = {
      ArrowLeft: this.now + step,
      ArrowRight: this.now - step,
      Home: this.most,
      End: least,
    };
    const width = widths[event.key];
    if (width === undefined) return;
    event.preventDefault();
    this.onWidth(this.clamp(width));
  };

  private readonly pressed = (event: PointerEvent): void => {
    if (event.button === 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.setPointerCapture(event.pointerId);
  };

  private readonly dragged = (event: PointerEvent): void => {
    const line = event.currentTarget;
    const right = this.parentElement?.getBoundingClientRect().right;
    if (!(line instanceof HTMLElement) || !line.hasPointerCapture(event.pointerId) || right === undefined) return;
    this.onWidth(this.clamp(right - event.clientX));
  };
}

/** Width of the detail pane before anybody chose one. */
export function usualWidth(room: number): number {
  return Math.round(Math.min(Math.max(room * 0.3, 300), 480));
}

customElements.define("rr-splitter", Splitter);
