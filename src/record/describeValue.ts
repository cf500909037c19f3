import { numberText, stringText } from "../json/cursor.ts";
import type { NodeId, Tape } from "../json/Tape.ts";

/** Longest string shown whole. */
const SHOWN = 40;

/** What a value is, for a sentence: `the number 5`, `the string "abc"`, `an array`. */
export function describeValue(tape: Tape, node: NodeId): string {
  const kind = tape.kind(node);
  switch (kind) {
    case "object":
      return "an object";
    case "array":
      return "an array";
    case "number":
      return `the number ${shortened(numberText(tape, node))}`;
    case "string":
      return `the string ${JSON.stringify(shortened(stringText(tape, node)))}`;
    case "true":
    case "false":
    case "null":
      return kind;
  }
}

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
