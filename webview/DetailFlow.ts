import type { RowDetail } from "../src/view/types.ts";
import type { HostLink } from "./HostLink.ts";

/** Keeps the detail of what is selected: at most one is under way, so that a key held down asks for some of the rows passed, and for the last. */
export class DetailFlow {
  detail: RowDetail | null = null;
  /** Why there is no detail. */
  fault: string | null = null;
  private wanted: string | null = null;
  private isUnderWay = false;
  private readonly link: HostLink;
  private readonly changed: () => void;

  constructor(link: HostLink, changed: () => void) {
    this.link = link;
    this.changed = changed;
  }

  /** Shows a row's detail, asking for it anew; null for none. What was shown stays until then. */
  show(rowId: string | null): void {
    this.wanted = rowId;
    if (rowId !== null) {
      void this.fetch();
      return;
    }
    this.detail = null;
    this.fault = null;
    this.changed();
  }

  /** The record is another revision of itself: what is under way is not answered any more. */
  startOver(): void {
    this.isUnderWay = false;
  }

  private async fetch(): Promise<void> {
    const rowId = this.wanted;
    if (rowId === null || this.isUnderWay) return;
    this.isUnderWay = true;
    const reply = await this.link.request({ kind: "detail", rowId });
    if (reply.kind === "stale") return;
    this.isUnderWay = false;
    if (this.wanted !== rowId) {
      await this.fetch();
      return;
    }
    this.detail = reply.kind === "value" ? reply.value : null;
    this.fault = reply.kind === "error" ? reply.error.message : null;
    this.changed();
  }
}
