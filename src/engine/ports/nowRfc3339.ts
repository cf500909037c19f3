/** What the runtime's function of that name gives, its name notwithstanding: unix seconds as text (run record format, ids and times). */
export function nowRfc3339(nowMs: number = Date.now()): string {
  return String(Math.floor(nowMs / 1000));
}
