import { formatDuration } from "../src/view/formatDuration.ts";

/** A mark of the ruler: its place in the axis, 0 to 1, and what stands beside it. */
export interface AxisTick {
  readonly at: number;
  readonly label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Distances between marks that people read without counting, in milliseconds. */
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * day),
];

/** At most `most` marks from 0 to the span's end, in even and round steps. The last mark is left out when its text would not fit. */
export function axisTicks(spanMs: number, most: number): AxisTick[] {
  if (!(spanMs > 0) || most < 1) return [{ at: 0, label: "0s" }];
  const rough = spanMs / most;
  const step = steps.find((candidate) => candidate >= rough) ?? Math.ceil(rough / (365 * day)) * 365 * day;
  const ticks: AxisTick[] = [];
  for (let n = 0; n * step <= spanMs && ticks.length <= most; n += 1) {
    const at = (n * step) / spanMs;
    if (n > 0 && at > 0.96) break;
    ticks.push({ at, label: tickLabel(n * step, step) });
  }
  return ticks;
}

function tickLabel(ms: number, step: number): string {
  if (ms === 0) return "0s";
  if (step >= day) return `${Math.round(ms / day)}d`;
  if (step >= hour) return `${Math.round(ms / hour)}h`;
  if (step >= minute) return ms < hour ? `${Math.round(ms / minute)}m` : `${Math.floor(ms / hour)}h${pad(Math.round(ms / minute) % 60)}`;
  if (step >= second)
    return ms < minute ? `${Math.round(ms / second)}s` : `${Math.floor(ms / minute)}m${pad(Math.round(ms / second) % 60)}`;
  return ms < second ? `${ms}ms` : formatDuration(ms);
}

function pad(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

/** What a row draws on the axis: a bar, a bar whose end is not known yet, a mark for a moment, or nothing but its length in words. */
export type AxisMark =
  | { readonly kind: "bar"; readonly left: number; readonly width: number; readonly open: boolean }
  | { readonly kind: "moment"; readonly left: number }
  | { readonly kind: "none" };

/**
 * Place of a span of time in the axis, 0 to 1, cut to it. `unfinished` spans without a length reach to the axis's end and are open
 * there; other spans without a length are moments.
 */
export function axisMark(
  axis: { readonly startMs: number; readonly endMs: number } | null,
  startMs: number | null,
  durationMs: number | null,
  unfinished: boolean,
): AxisMark {
  if (axis === null || startMs === null) return { kind: "none" };
  const span = axis.endMs - axis.startMs;
  const place = (ms: number): number => (span > 0 ? Math.min(Math.max((ms - axis.startMs) / span, 0), 1) : 0);
  const left = place(startMs);
  if (durationMs === null || durationMs <= 0) {
    return unfinished && durationMs === null ? { kind: "bar", left, width: 1 - left, open: true } : { kind: "moment", left };
  }
  return { kind: "bar", left, width: place(startMs + durationMs) - left, open: false };
}
