/** The runtime's text rules where they differ from JavaScript's (run record format, text rules and debug form). */

const WHITE_SPACE = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const BETWEEN = new RegExp(`${WHITE_SPACE.source}+`);

/** Without Unicode white space at both ends; U+FEFF is none, U+0085 is. */
export function trim(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && WHITE_SPACE.test(text.charAt(from))) from++;
  while (to > from && WHITE_SPACE.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Whether a text is empty or Unicode white space alone. */
export function isBlank(text: string): boolean {
  return trim(text) === "";
}

/** The words between Unicode white space. */
export function splitWhitespace(text: string): string[] {
  return text.split(BETWEEN).filter((word) => word !== "");
}

/** The first `count` code points. */
export function firstCodePoints(text: string, count: number): string {
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** Length in UTF-8 bytes. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      length += 4;
      at++;
    } else length += 3;
  }
  return length;
}

const ESCAPED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Grapheme_Extend}"\\]/gu;
const SHORT_ESCAPES = new Map([
  ["\0", "\\0"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  [" ", " "],
]);

/** A string in debug form. */
export function debugString(text: string): string {
  const body = text.replace(ESCAPED, (char) => SHORT_ESCAPES.get(char) ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${body}"`;
}

/** `None`, or `Some(…)` with the value in its own debug form. */
export function debugOption<T>(value: T | null, debug: (value: T) => string): string {
  return value === null ? "None" : `Some(${debug(value)})`;
}

export function debugList(values: readonly string[]): string {
  return `[${values.map(debugString).join(", ")}]`;
}

/** A finite number with `digits` decimals: the exact binary value, ties to even; -0 keeps its sign. */
export function formatFixed(value: number, digits: number): string {
  const negative = value < 0 || Object.is(value, -0);
  const [mantissa, exponent] = decompose(Math.abs(value));
  const scaled = mantissa * 10n ** BigInt(digits);
  let whole: bigint;
  if (exponent >= 0) whole = scaled << BigInt(exponent);
  else {
    const divisor = 1n << BigInt(-exponent);
    whole = scaled / divisor;
    const twice = (scaled % divisor) * 2n;
    if (twice > divisor || (twice === divisor && whole % 2n === 1n)) whole += 1n;
  }
  const text = whole.toString().padStart(digits + 1, "0");
  const cut = text.length - digits;
  return `${negative ? "-" : ""}${text.slice(0, cut)}.${text.slice(cut)}`;
}

/** A non-negative double as `mantissa * 2 ** exponent`. */
function decompose(value: number): [mantissa: bigint, exponent: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number(bits >> 52n);
  return biased === 0 ? [fraction, -1074] : [fraction | 0x10000000000000n, biased - 1075];
}
