import type { TimeView } from "./types.ts";

const UUID = /^(?:[A-Za-z][A-Za-z0-9]*[_-])?([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SECONDS = /^(-?\d{1,11})(?:\.(\d+))?$/;
const MILLISECONDS = /^\d{12,16}$/;
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Most UTF-16 units of a stored time: none that can be read is longer. */
const TEXT_LIMIT = 200;

/** Farthest moment a `Date` can hold, in milliseconds either way of 1970. */
const DATE_LIMIT = 8.64e15;

/**
 * Reads a stored time, whichever of the five spellings it has: UUID version 7 (with or without the runtime's prefix), RFC 3339 with any
 * number of fraction digits, unix seconds as text, the same with a fraction, unix milliseconds as text.
 *
 * @returns whole milliseconds since 1970 (rounded down), null when the text is none of these
 */
export function readTime(text: string): number | null {
  if (text.length > TEXT_LIMIT) return null;
  const uuid = UUID.exec(text);
  if (uuid !== null) return parseInt((uuid[1] ?? "") + (uuid[2] ?? ""), 16);
  const rfc = RFC_3339.exec(text);
  if (rfc !== null) return calendarTime(rfc);
  const seconds = SECONDS.exec(text);
  if (seconds !== null) return within(Number(seconds[1]) * 1000 + fractionMs(seconds[2], text.startsWith("-")));
  return MILLISECONDS.test(text) ? within(Number(text)) : null;
}

/** A stored time with its own text; null for an absent or empty one. */
export function timeView(text: string | null | undefined): TimeView | null {
  return text === null || text === undefined || text === "" ? null : { text: text.slice(0, TEXT_LIMIT), epochMs: readTime(text) };
}

/** Milliseconds from one stored time to another; null unless both can be read. */
export function timeSpan(from: string | null | undefined, to: string | null | undefined): number | null {
  const start = timeView(from)?.epochMs ?? null;
  const end = timeView(to)?.epochMs ?? null;
  return start === null || end === null ? null : end - start;
}

function fractionMs(digits: string | undefined, negative: boolean): number {
  const ms = digits === undefined ? 0 : Number(digits.slice(0, 3).padEnd(3, "0"));
  return negative ? -ms : ms;
}

function within(ms: number): number | null {
  return Math.abs(ms) <= DATE_LIMIT ? ms : null;
}

function calendarTime(parts: RegExpExecArray): number | null {
  const part = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  // A leap second is read as the second after it.
  if (hour > 23 || minute > 59 || second > 60 || part(9) > 23 || part(10) > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute, second);
  const offset = (part(9) * 60 + part(10)) * 60_000 * (parts[8] === "-" ? -1 : 1);
  return date.getTime() + fractionMs(parts[7], false) - offset;
}
