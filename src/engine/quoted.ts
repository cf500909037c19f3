import { oneLine } from "../view/plainText.ts";

/** Longest piece of record text that goes into a sentence, in UTF-16 units. */
const SHOWN_LIMIT = 160;

/**
 * A path or other stored text as part of a sentence: quoted, on one line, cut, and with nothing in it that could pass for something else.
 */
export function quoted(text: string): string {
  return `“${oneLine(text, SHOWN_LIMIT)}”`;
}
