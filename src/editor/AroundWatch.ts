import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf } from "./Engine.ts";

/** So long (milliseconds) nothing is looked at after a look has ended. */
export const LOOK_EVERY_MS = 2000;

/** What the watch sees of the world. */
export interface AroundWatchPorts {
  /** Looks at everything around the record that may have changed. Rejects with the engine's error. */
  look(): Promise<unknown>;
  /** Whether VS Code's window has the focus. */
  isFocused(): boolean;
  /** Calls back when that changes, until what it answers is called. */
  onDidChangeFocus(listener: () => void): () => void;
  /** Hears once of each kind of failure. */
  failed(message: string): void;
}

/**
 * Looks at what lies around a record as long as somebody sees it: at once when one of its tabs becomes visible or the window gets the focus,
 * and then, while the window has it, again and again, one look at a time. Where nothing is visible no timer runs.
 */
export class AroundWatch extends DisposableBase {
  private readonly ports: AroundWatchPorts;
  /** The pages that are visible, and that the engine knows. */
  private readonly pages = new Set<string>();
  private readonly forgetFocus: () => void;
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private lookAgain = false;
  private lastFailure = "";

  constructor(ports: AroundWatchPorts) {
    super();
    this.ports = ports;
    this.forgetFocus = ports.onDidChangeFocus(() => {
      if (ports.isFocused()) this.lookNow();
      else this.stop();
    });
  }

  /** A page became visible, or started over. */
  shown(page: string): void {
    this.pages.add(page);
    this.lookNow();
  }

  hidden(page: string): void {
    this.pages.delete(page);
    if (this.pages.size === 0) this.stop();
  }

  /** Something may have changed: looks at once where somebody sees it. */
  lookNow(): void {
    this.stop();
    if (!this.isWatched()) return;
    if (this.looking) this.lookAgain = true;
    else void this.look();
  }

  override dispose(): void {
    this.pages.clear();
    this.stop();
    this.forgetFocus();
    super.dispose();
  }

  private isWatched(): boolean {
    return !this.isDisposed() && this.pages.size > 0;
  }

  private async look(): Promise<void> {
    this.looking = true;
    this.lookAgain = false;
    try {
      await this.ports.look();
      this.lastFailure = "";
    } catch (thrown) {
      this.tell(thrown);
    } finally {
      this.looking = false;
    }
    if (!this.isWatched()) return;
    if (this.mustLookAgain()) void this.look();
    else if (this.ports.isFocused()) {
      this.timer = setTimeout(() => {
        this.timer = null;
        void this.look();
      }, LOOK_EVERY_MS);
    }
  }

  private mustLookAgain(): boolean {
    return this.lookAgain;
  }

  /** The engine is asked every few seconds: what it keeps saying is told once. */
  private tell(thrown: unknown): void {
    const { code, message, detail } = engineErrorOf(thrown);
    // Its worker ended and knows no document any more: the pages come anew when the file is opened again.
    if (code === "stale") this.pages.clear();
    if (code === "cancelled" || this.isDisposed() || message === this.lastFailure) return;
    this.lastFailure = message;
    this.ports.failed(detail ?? message);
  }

  private stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
