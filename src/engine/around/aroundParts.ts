import type { AroundContext, AroundPart } from "./AroundPart.ts";
import { FilesPart } from "./FilesPart.ts";

/** The parts of a record's surroundings, in the order in which they are looked at. */
export function aroundParts(context: AroundContext): readonly AroundPart[] {
  return [new FilesPart(context)];
}
