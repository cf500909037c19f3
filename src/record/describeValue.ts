import { decodeText, stringText } from "../json/cursor.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { firstCodePoints } from "./runtimeText.ts";

/** Longest text shown whole, in code points. */
const SHOWN = 40;

/** Bytes that hold more than is shown, escapes counted; only these are looked at in a string of megabytes. */
const LOOKED_AT = SHOWN * 12;

/** What a value is, for a sentence: `the number 5`, `the string "abc"`, `an array`. Long ones are cut. */
export function describeValue(tape: Tape, node: NodeId): string {
  const kind = tape.kind(node);
  switch (kind) {
    case "object":
      return "an object";
    case "array":
      return "an array";
    case "number":
      return `the number ${shownNumber(tape, node)}`;
    case "string":
      return `the string ${JSON.stringify(shownString(tape, node))}`;
    case "true":
    case "false":
    case "null":
      return kind;
  }
}

/** A number as it is written, cut when it is long. */
export function shownNumber(tape: Tape, node: NodeId): string {
  return shortened(decodeText(tape.bytes, tape.start(node), Math.min(tape.end(node), tape.start(node) + LOOKED_AT)));
}

function shownString(tape: Tape, node: NodeId): string {
  const [start, end] = [tape.start(node), tape.end(node)];
  if (end - start <= LOOKED_AT) return shortened(stringText(tape, node));
  return shortened(decodeText(tape.bytes, start + 1, start + LOOKED_AT));
}

function shortened(text: string): string {
  const start = firstCodePoints(text, SHOWN);
  return start.length === text.length ? text : `${start}…`;
}
