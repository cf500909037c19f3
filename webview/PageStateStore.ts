import type { PageState } from "../src/protocol/page.ts";
import { freshPageState } from "./pageState.ts";

/** Keeps the page's state and hands it to VS Code a moment after the last change: writing it on every scrolled pixel would cost frames. */
export class PageStateStore {
  private state: PageState;
  private readonly write: (state: PageState) => void;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(stored: PageState | null, write: (state: PageState) => void) {
    this.state = stored ?? freshPageState;
    this.write = write;
  }

  get current(): PageState {
    return this.state;
  }

  update(change: (state: PageState) => PageState): void {
    this.state = change(this.state);
    this.timer ??= setTimeout(() => this.flush(), writeDelayMs);
  }

  /** Writes at once what is waiting to be written. */
  flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.write(this.state);
  }
}

const writeDelayMs = 150;
