import type { PageAction, PageAnswers, PageRequest, PageState, ToHost, ToPage, UserError } from "../src/protocol/page.ts";

/** How a request ends. `stale`: the record changed, or the page was told to start over, before the answer came. */
export type Reply<T> =
  { readonly kind: "value"; readonly value: T } | { readonly kind: "error"; readonly error: UserError } | { readonly kind: "stale" };

/**
 * The page's end of the wire: numbers requests, and settles each exactly once, by its answer or as `stale`. Answers to requests that
 * were settled as stale are ignored, so nothing of an older revision reaches the screen.
 */
export class HostLink {
  private lastId = 0;
  private readonly pending = new Map<number, (reply: Reply<unknown>) => void>();
  private readonly post: (message: ToHost) => void;

  constructor(post: (message: ToHost) => void) {
    this.post = post;
  }

  /** Tells the host that the page listens; to be called once, before anything else. */
  ready(state: PageState | null): void {
    this.post({ type: "ready", state });
  }

  /** Asks the engine. Never rejects. */
  request<R extends PageRequest>(request: R): Promise<Reply<PageAnswers[R["kind"]]>> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      // The protocol pairs each request kind with its answer; the id carries that pairing over the wire.
      this.pending.set(id, (reply) => {
        resolve(reply as Reply<PageAnswers[R["kind"]]>);
      });
      this.post({ type: "request", id, request });
    });
  }

  action(action: PageAction): void {
    this.post({ type: "action", action });
  }

  selected(rowId: string | null): void {
    this.post({ type: "selected", rowId });
  }

  fault(message: string): void {
    this.post({ type: "fault", message });
  }

  /** Settles the request a message answers; messages of other kinds are left to the caller. */
  receive(message: ToPage): void {
    if (message.type !== "answer") return;
    const settle = this.pending.get(message.id);
    if (settle === undefined) return;
    this.pending.delete(message.id);
    settle(message.ok ? { kind: "value", value: message.value } : { kind: "error", error: message.error });
  }

  /** Settles everything under way as stale: call it when another revision of the record is shown. */
  dropPending(): void {
    const dropped = [...this.pending.values()];
    this.pending.clear();
    for (const settle of dropped) settle({ kind: "stale" });
  }
}
