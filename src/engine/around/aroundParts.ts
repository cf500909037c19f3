import type { AroundContext, AroundPart } from "./AroundPart.ts";

/** The parts of a record's surroundings, in the order in which they are looked at. */
export function aroundParts(context: AroundContext): readonly AroundPart[] {
  void context;
  return [];
}
