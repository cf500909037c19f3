/** A stretch of a topic file, in bytes: lines that begin at `from` or behind, and before `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where the pages that were read of topic files began, so that an event is looked for in its own page first. */
export class EventPlaces {
  readonly #places = new Map<string, { readonly id: bigint; readonly offset: number }[]>();

  /** A page was read whose first event is this one. Pages are told in the order of the file; one told again is known. */
  add(topic: string, id: bigint, offset: number): void {
    const places = this.#places.get(topic) ?? [];
    if (offset > (places.at(-1)?.offset ?? -1)) places.push({ id, offset });
    this.#places.set(topic, places);
  }

  /** The page an id stands in where ids grow, to the beginning of the next; null when none was read that may hold it. */
  pageOf(topic: string, id: bigint): Stretch | null {
    const places = this.#places.get(topic) ?? [];
    const at = places.findLastIndex((known) => known.id <= id);
    const place = places[at];
    return place === undefined ? null : { from: place.offset, to: places[at + 1]?.offset ?? Infinity };
  }

  /** The topic begins anew. */
  forget(topic: string): void {
    this.#places.delete(topic);
  }

  clear(): void {
    this.#places.clear();
  }
}
