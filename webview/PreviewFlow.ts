import type { ToPage } from "../src/protocol/page.ts";
import type { PreviewState } from "./SavePreviewView.ts";

export interface PreviewEvents {
  changed(): void;
  closed(): void;
  announce(sentence: string): void;
}

/** How far the preview of a save is, by the host's messages and by what was clicked. */
export class PreviewFlow {
  state: PreviewState | null = null;
  private readonly events: PreviewEvents;

  constructor(events: PreviewEvents) {
    this.events = events;
  }

  /** Takes one of the messages about previews. */
  receive(message: Extract<ToPage, { type: "preview" | "previewBusy" | "previewRefused" | "previewClosed" }>): void {
    switch (message.type) {
      case "preview": {
        const { preview } = message;
        this.state = { kind: "shown", preview };
        this.events.announce(preview.unchanged ? "Nothing to change" : `${preview.changes.length} changes to look at`);
        break;
      }
      case "previewBusy":
        this.busy(message.what);
        break;
      case "previewRefused":
        this.state = { kind: "refused", message: message.error.message, offset: message.offset, token: this.token };
        break;
      case "previewClosed":
        this.close();
        break;
    }
    this.events.changed();
  }

  /** `final`: what was confirmed is being carried out, as far as the page knows. */
  busy(what: string, final = this.state?.kind === "busy" && this.state.final): void {
    const preview = this.state === null || this.state.kind === "refused" ? null : this.state.preview;
    this.state = { kind: "busy", what, preview, final };
    this.events.announce(what);
    this.events.changed();
  }

  close(): void {
    if (this.state === null) return;
    this.state = null;
    this.events.changed();
    this.events.closed();
  }

  private get token(): string {
    if (this.state === null) return "";
    return this.state.kind === "refused" ? this.state.token : (this.state.preview?.token ?? "");
  }
}
