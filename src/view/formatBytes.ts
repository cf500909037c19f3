/** A size in bytes with decimal units, as file managers on Linux and macOS show it: `812 B`, `4.1 kB`, `214 kB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "–";
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let scaled = bytes / 1000;
  let unit = 0;
  // Rounding may carry into the next unit: 999,960 bytes are 1.0 MB, not 1000 kB.
  while (unit < units.length - 1 && scaled >= 999.5) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled < 9.95 ? scaled.toFixed(1) : String(Math.round(scaled))} ${units[unit] ?? ""}`;
}

const units = ["kB", "MB", "GB", "TB"] as const;
