/** How long the pointer must rest on something before it opens its card. */
const restMs = 400;

/** Tells resting the pointer on something from passing over it. */
export class HoverIntent {
  private over_: HTMLElement | null = null;
  private opened = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly rested: (element: HTMLElement) => void;
  private readonly left: () => void;

  constructor(rested: (element: HTMLElement) => void, left: () => void) {
    this.rested = rested;
    this.left = left;
  }

  /** The pointer is over an element that has a card, or (null) over nothing of that sort. */
  over(element: HTMLElement | null): void {
    if (element === this.over_) return;
    this.over_ = element;
    const wasOpen = this.opened;
    this.cancel();
    if (wasOpen) this.left();
    if (element === null) return;
    this.timer = setTimeout(() => {
      this.opened = true;
      this.rested(element);
    }, restMs);
  }

  leave(): void {
    this.over(null);
  }

  /** The pointer was used: it may rest anew, on the same element too. */
  again(): void {
    this.cancel();
    this.over_ = null;
  }

  /** Something else happened (a key, scrolling): nothing opens before the pointer has been elsewhere. */
  cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.opened = false;
  }
}
