import type { TimeView } from "../src/view/types.ts";

/** Logs are read beside these times: the clock has 24 hours, as there, in whatever order the locale writes a date. */
const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
const localDay = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const localYear = new Intl.DateTimeFormat(undefined, {
  ...{ year: "numeric", month: "short", day: "numeric" },
  ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
});
const localClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** A stored time in the local zone; its own text where it is in no spelling we read. */
export function formatTime(time: TimeView): string {
  const at = dateOf(time);
  return at === null ? time.text : local.format(at);
}

/**
 * Shorter than {@link formatTime}: on the day (in the local zone) of `dayOf`, milliseconds since 1970, the clock alone, else no seconds, and
 * no year where it is the same.
 */
export function formatTimeNear(time: TimeView, dayOf: number | null): string {
  const at = dateOf(time);
  if (at === null || dayOf === null) return formatTime(time);
  const day = new Date(dayOf);
  if (at.toDateString() === day.toDateString()) return localClock.format(at);
  return (at.getFullYear() === day.getFullYear() ? localDay : localYear).format(at);
}

/** The time of day in the local zone, for places where the day is known. */
export function formatClock(epochMs: number): string {
  return localClock.format(new Date(epochMs));
}

/** For hovering: the whole time in the local zone and in UTC, and the text it is stored as. */
export function timeHint(time: TimeView): string {
  const at = dateOf(time);
  if (at === null) return "No known spelling of a time";
  return `${local.format(at)} · ${at.toISOString().replace("T", " ").replace("Z", " UTC")} · stored as ${time.text}`;
}

function dateOf(time: TimeView): Date | null {
  if (time.epochMs === null) return null;
  const at = new Date(time.epochMs);
  return Number.isNaN(at.getTime()) ? null : at;
}
