/**
 * Several lists as one, in the order of time. What has no time stays behind what stands before it in its own list (at the very beginning
 * where nothing does); of things at the same time those of an earlier list come first.
 *
 * @param timeOf milliseconds since 1970, null where none is known
 */
export function mergeByTime<T>(lists: readonly (readonly T[])[], timeOf: (item: T) => number | null): T[] {
  const filled = lists.filter(({ length }) => length > 0);
  const [only] = filled;
  // The usual case, and the one with many rows.
  if (only !== undefined && filled.length === 1 && isInOrder(only, timeOf)) return [...only];
  const timed: { readonly item: T; readonly ms: number }[] = [];
  for (const list of filled) {
    let ms = -Infinity;
    for (const item of list) timed.push({ item, ms: (ms = timeOf(item) ?? ms) });
  }
  return timed.sort((a, b) => (a.ms < b.ms ? -1 : a.ms > b.ms ? 1 : 0)).map(({ item }) => item);
}

function isInOrder<T>(list: readonly T[], timeOf: (item: T) => number | null): boolean {
  let latest = -Infinity;
  return list.every((item) => {
    const ms = timeOf(item) ?? latest;
    const follows = ms >= latest;
    latest = ms;
    return follows;
  });
}
