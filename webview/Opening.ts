import type { UserError } from "../src/protocol/page.ts";
import type { OpenedView } from "../src/view/types.ts";

export type Phase =
  | { readonly kind: "waiting" }
  | { readonly kind: "loading"; readonly fileName: string; readonly byteLength: number; readonly slow: boolean }
  | { readonly kind: "opened"; readonly view: OpenedView }
  | { readonly kind: "failed"; readonly error: UserError };

/** Reading that takes no longer is over before a ring would be noticed, in milliseconds. */
const ringAfterMs = 200;

/** How far the opening of the record is. */
export class Opening {
  phase: Phase = { kind: "waiting" };
  private readonly changed: () => void;
  private ringTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  loading(fileName: string, byteLength: number): void {
    // A record that is read again stays on the screen until the new one is there.
    if (this.phase.kind === "opened") return;
    this.set({ kind: "loading", fileName, byteLength, slow: false });
    this.ringTimer = setTimeout(() => {
      if (this.phase.kind === "loading") this.set({ ...this.phase, slow: true });
    }, ringAfterMs);
  }

  opened(view: OpenedView): void {
    this.set({ kind: "opened", view });
  }

  failed(error: UserError): void {
    this.set({ kind: "failed", error });
  }

  private set(phase: Phase): void {
    if (this.ringTimer !== null) clearTimeout(this.ringTimer);
    this.ringTimer = null;
    this.phase = phase;
    this.changed();
  }
}
