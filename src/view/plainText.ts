/** Characters that change the order or the look of the text around them, or cannot be seen: shown by their number. */
const DECEPTIVE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The text with direction overrides, invisible and control characters made visible (`\u202e`). Tabs and line ends stay. */
export function visibleText(text: string): string {
  return text.replace(DECEPTIVE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The first `max` UTF-16 units, never half a pair; a cut is marked with an ellipsis, which counts. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, safeCut(text, max - 1))}…`;
}

/** A length at or just below `length` that does not split a surrogate pair of `text`. */
export function safeCut(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  const next = text.charCodeAt(length);
  return last >= 0xd800 && last <= 0xdbff && next >= 0xdc00 && next <= 0xdfff ? length - 1 : length;
}

/** The text on one line, deceptive characters visible, runs of blanks closed up, cut at `max` UTF-16 units. */
export function oneLine(text: string, max: number): string {
  // Cut before and after: a text of megabytes must not be rewritten whole for the sake of its first line.
  const head = text.length > max * 4 ? text.slice(0, safeCut(text, max * 4)) : text;
  return cutText(visibleText(head.replace(/\s+/g, " ").trim()), max);
}

/** `1 attempt`, `3 attempts`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The parts that say something, joined by a middle dot. */
export function joinNotes(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(" · ");
}
