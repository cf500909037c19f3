/**
 * Slices of texts that we wrote from values already read. Their numbers must not go through the runtime's reader once more, which may
 * move them (run record format, numbers): they are copied as they stand.
 */
import type { JsonSlice } from "../json/JsonSlice.ts";
import type { Tape } from "../json/Tape.ts";

const exact = new WeakSet<Tape>();

/** Notes that the numbers of the slice's tape stand in the spelling in which they are to be written. */
export function markExact(slice: JsonSlice): JsonSlice {
  exact.add(slice.tape);
  return slice;
}

export function hasExactNumbers(slice: JsonSlice): boolean {
  return exact.has(slice.tape);
}
