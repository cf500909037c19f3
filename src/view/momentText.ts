/** A moment (milliseconds since 1970) in UTC, to the millisecond; empty for what no calendar has. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
