/** A number of tokens in at most five characters: `812`, `12.1k`, `128k`, `1.3M`. Negative counts keep their sign. */
export function formatTokens(count: number): string {
  if (!Number.isFinite(count)) return "–";
  if (count < 0) return `−${formatTokens(-count)}`;
  if (count < 1000) return String(Math.round(count));
  for (const [unit, size] of units) {
    const scaled = count / size;
    // Rounding may carry into the next unit: 999,950 is 1.0M, not 1000.0k.
    if (scaled < 999.95) return `${scaled.toFixed(1)}${unit}`;
  }
  return `${Math.round(count / 1e12)}T`;
}

const units: readonly (readonly [string, number])[] = [
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
];
