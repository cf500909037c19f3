/** What a run of characters of JSON text is. `name`: a string that is a key. */
export type JsonTokenKind = "name" | "string" | "number" | "word" | "plain";

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

/** Where a slice of JSON text ended, to go on with the next one. */
export type HighlightState = "outside" | "inString";

/**
 * Cuts a slice of JSON text into tokens for colouring. It never fails: the slice may begin or end anywhere, the text may be broken.
 * Joined, the tokens' texts are the slice. A string that reaches the slice's end is coloured as a value.
 */
export function highlightJson(slice: string, from: HighlightState = "outside"): { tokens: JsonToken[]; state: HighlightState } {
  const tokens: JsonToken[] = [];
  let at = 0;
  let plainFrom = 0;
  const push = (kind: JsonTokenKind, end: number): void => {
    if (end > at) tokens.push({ kind, text: slice.slice(at, end) });
    at = end;
    plainFrom = end;
  };
  const flush = (): void => {
    if (at > plainFrom) tokens.push({ kind: "plain", text: slice.slice(plainFrom, at) });
    plainFrom = at;
  };
  if (from === "inString") {
    const end = stringEnd(slice, 0);
    push("string", end.at);
    if (!end.closed) return { tokens, state: "inString" };
  }
  while (at < slice.length) {
    const code = slice.charCodeAt(at);
    if (code === quote) {
      flush();
      const end = stringEnd(slice, at + 1);
      push(end.closed && isKey(slice, end.at) ? "name" : "string", end.at);
      if (!end.closed) return { tokens, state: "inString" };
    } else if (code === minus || (code >= zero && code <= nine)) {
      flush();
      push("number", spanEnd(slice, at, numberPart));
    } else if (code >= lowerA && code <= lowerZ) {
      flush();
      push("word", spanEnd(slice, at, wordPart));
    } else {
      at += 1;
    }
  }
  flush();
  return { tokens, state: "outside" };
}

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const lowerA = 0x61;
const lowerZ = 0x7a;
const numberPart = /[-+.0-9eE]/;
const wordPart = /[a-z]/;

/** End of a string whose inside begins at `from`, just after the closing quote. */
function stringEnd(text: string, from: number): { at: number; closed: boolean } {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return { at: at + 1, closed: true };
    at += code === backslash ? 2 : 1;
  }
  return { at: text.length, closed: false };
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x0a || text.charCodeAt(at) === 0x0d)) at += 1;
  return text.charAt(at) === ":";
}

function spanEnd(text: string, from: number, part: RegExp): number {
  let at = from;
  while (at < text.length && part.test(text.charAt(at))) at += 1;
  return at;
}

/**
 * Removes the indent a nested value has inside its file: its first line begins at the value, the others carry the file's indent.
 * Answers how many leading blanks to drop from each line after the first; `whole` says that the text was not cut.
 */
export function commonIndent(text: string, whole: boolean): number {
  let least = Number.POSITIVE_INFINITY;
  for (const match of text.matchAll(/\n( *)(?=[^ \n])/g)) least = Math.min(least, match[1]?.length ?? 0);
  if (!Number.isFinite(least)) return 0;
  // The closing bracket, one step further out than everything else, is not in a text that was cut.
  return whole ? least : Math.max(0, least - 2);
}

/** Drops up to `indent` blanks after every line feed. JSON strings hold no line feeds, so only layout is touched. */
export function dropIndent(text: string, indent: number): string {
  return indent === 0 ? text : text.replace(new RegExp(`\\n {1,${indent}}`, "g"), "\n");
}
