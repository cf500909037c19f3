import type { LogEvent } from "../LogEvent.ts";
import { chainLink, chainPlace, PREV_HASH_HEADER } from "../provenance.ts";
import type { ChainLink, ChainPlace, Sha256 } from "../provenance.ts";

/**
 * What the chain of a topic says as a whole; the worst of its links decides. `startsLater`: it holds, but events before its first are
 * gone. `gap`: events within it are gone, and the rest holds.
 */
export interface ChainVerdict {
  readonly state: "none" | "intact" | "startsLater" | "gap" | "unsigned" | "changed" | "broken";
  /** The event at which it is so; null for `none` and `intact`, and where no event at all carries a hash. */
  readonly at: bigint | null;
  /** Links of that state. */
  readonly count: number;
}

/** Most links that are kept because something is wrong with them. */
const KEPT_LINKS = 1000;
/** Worst first. */
const WORST = ["changed", "broken", "unsigned", "gap"] as const;

/** Checks the chain of a topic while it is read, page by page. */
export class ChainFold {
  readonly #topic: string;
  readonly #sha256: Sha256;
  readonly #odd = new Map<bigint, ChainLink>();
  readonly #seen = new Map<ChainLink["state"], { readonly at: bigint; count: number }>();
  #count = 0;
  #previous: ChainPlace | null = null;
  #first: { readonly id: bigint; readonly hasPredecessor: boolean } | null = null;

  constructor(topic: string, sha256: Sha256) {
    this.#topic = topic;
    this.#sha256 = sha256;
  }

  /** The next event of the topic, in the order in which the log holds them. */
  add(event: LogEvent): void {
    const link = chainLink(this.#topic, event, this.#previous, this.#sha256);
    this.#first ??= { id: event.id, hasPredecessor: event.headers.has(PREV_HASH_HEADER) };
    this.#count++;
    this.#previous = chainPlace(this.#topic, event, this.#sha256);
    const seen = this.#seen.get(link.state);
    if (seen === undefined) this.#seen.set(link.state, { at: link.id, count: 1 });
    else seen.count++;
    if (link.state !== "linked" && this.#odd.size < KEPT_LINKS) this.#odd.set(link.id, link);
  }

  /** The link of an event that was added; null when it is not kept, which says that it is linked unless very many are not. */
  link(id: bigint): ChainLink | null {
    return this.#odd.get(id) ?? null;
  }

  /** The links that do not hold, in the order of the topic, at most `limit` of them. */
  odd(limit: number): ChainLink[] {
    return [...this.#odd.values()].filter(({ state }) => state !== "start").slice(0, limit);
  }

  get verdict(): ChainVerdict {
    if (this.#first === null) return { state: "none", at: null, count: 0 };
    for (const state of WORST) {
      const seen = this.#seen.get(state);
      if (seen !== undefined) return { state, at: seen.count === this.#count && state === "unsigned" ? null : seen.at, count: seen.count };
    }
    if (this.#first.hasPredecessor || this.#first.id > 1n) return { state: "startsLater", at: this.#first.id, count: 1 };
    return { state: "intact", at: null, count: 0 };
  }
}
