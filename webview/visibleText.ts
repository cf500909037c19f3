/** A piece of record text: shown as it is, or (`mark`) named because by itself it would be unseen or would reorder what is around it. */
export interface TextPiece {
  readonly text: string;
  readonly mark: boolean;
}

/**
 * Characters that change how their neighbours are drawn, or that nobody can see: controls, direction marks, zero-width characters, tag
 * characters. Zero-width joiners are left alone between letters, marks and pictures, where they are spelling.
 */
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|(?<![\p{L}\p{M}\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])[\u200c\u200d]/gu;

/** A pass over plain text, which most text is. */
const suspicious =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\udb40-\udb43]/;

/** Splits text so that every hidden character becomes a piece that names it, `U+202E`. Carriage returns before a line feed are dropped. */
export function textPieces(text: string): TextPiece[] {
  if (!suspicious.test(text)) return [{ text, mark: false }];
  const pieces: TextPiece[] = [];
  const source = text.replaceAll("\r\n", "\n");
  let end = 0;
  for (const match of source.matchAll(hidden)) {
    if (match.index > end) pieces.push({ text: source.slice(end, match.index), mark: false });
    pieces.push({ text: codePointName(match[0]), mark: true });
    end = match.index + match[0].length;
  }
  if (end < source.length) pieces.push({ text: source.slice(end), mark: false });
  return pieces;
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The same as one string, for tooltips and accessible names, which take no elements: hidden characters read `‹U+202E›`. */
export function plainText(text: string): string {
  return textPieces(text)
    .map((piece) => (piece.mark ? `‹${piece.text}›` : piece.text))
    .join("");
}

/** At most `most` UTF-16 units, never half a surrogate pair, with an ellipsis where something was cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, wholeLength(text, most))}…`;
}

/** The largest length up to `length` that does not split a surrogate pair. */
export function wholeLength(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return length > 0 && length < text.length && last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}
