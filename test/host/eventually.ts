/**
 * Asks again and again until `probe` gives something other than undefined or false, and returns that.
 * Throws with `what` after `milliseconds`. For states of the editor that no event tells of.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  milliseconds = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const until = Date.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (Date.now() > until) throw new Error(`waited ${String(milliseconds)} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
