import type { AroundPart, TreeContext } from "./AroundPart.ts";
import { FilesPart } from "./FilesPart.ts";
import { QuestionsPart } from "./QuestionsPart.ts";
import { RecordPart } from "./RecordPart.ts";
import { SessionsPart } from "./SessionsPart.ts";
import { TurnsPart } from "./TurnsPart.ts";

/** The parts of a record's surroundings, in the order in which they are looked at. */
export function aroundParts(context: TreeContext): readonly AroundPart[] {
  // A path that happens to exist on this machine's disk is no neighbour of a record of another file system.
  if (context.place.virtual === true) return [new QuestionsPart(context), new RecordPart(context)];
  return [new QuestionsPart(context), new TurnsPart(context), new SessionsPart(context), new RecordPart(context), new FilesPart(context)];
}
