/**
 * Where decoded structs, lists and maps came from. Kept beside the values, not in them, so that the runtime's functions can be written
 * as if there were no text: a value they make has no origin and is written afresh.
 */
import type { NodeId, Tape } from "../json/Tape.ts";

export interface Origin {
  readonly tape: Tape;
  readonly node: NodeId;
  /** Fields whose value in the text the field cannot hold: a lossless save writes them as they stand. */
  readonly foreign: Set<string>;
}

export class Origins {
  readonly #origins = new WeakMap<object, Origin>();
  readonly #incomplete = new WeakSet();

  set(value: object, tape: Tape, node: NodeId): Origin {
    const origin: Origin = { tape, node, foreign: new Set() };
    this.#origins.set(value, origin);
    return origin;
  }

  get(value: object): Origin | undefined {
    return this.#origins.get(value);
  }

  /** Takes over one value's origin from another reading. */
  adopt(other: Origins, value: object): void {
    const origin = other.get(value);
    if (origin !== undefined) this.#origins.set(value, origin);
  }

  /** From now on the value counts as made by us. */
  forget(value: object): void {
    this.#origins.delete(value);
  }

  /** Notes that a list or map could not take over all its elements. */
  markIncomplete(value: object): void {
    this.#incomplete.add(value);
  }

  isIncomplete(value: unknown): boolean {
    return typeof value === "object" && value !== null && this.#incomplete.has(value);
  }
}
