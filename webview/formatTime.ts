import type { TimeView } from "../src/view/types.ts";

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const localShort = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const localClock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** A stored time in the local zone; its own text where it is in no spelling we read. */
export function formatTime(time: TimeView): string {
  const at = dateOf(time);
  return at === null ? time.text : local.format(at);
}

/** Shorter than {@link formatTime}: on the day (in the local zone) of `dayOf`, milliseconds since 1970, the clock alone, else no seconds. */
export function formatTimeNear(time: TimeView, dayOf: number | null): string {
  const at = dateOf(time);
  if (at === null || dayOf === null) return formatTime(time);
  return at.toDateString() === new Date(dayOf).toDateString() ? localClock.format(at) : localShort.format(at);
}

/** The time of day in the local zone, for places where the day is known. */
export function formatClock(epochMs: number): string {
  return localClock.format(new Date(epochMs));
}

/** For hovering: the time in UTC and the text it is stored as. */
export function timeHint(time: TimeView): string {
  const at = dateOf(time);
  return at === null
    ? "No known spelling of a time"
    : `${at.toISOString().replace("T", " ").replace("Z", " UTC")} · stored as ${time.text}`;
}

function dateOf(time: TimeView): Date | null {
  if (time.epochMs === null) return null;
  const at = new Date(time.epochMs);
  return Number.isNaN(at.getTime()) ? null : at;
}
