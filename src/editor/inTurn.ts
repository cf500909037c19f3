/** A runner that starts each task only when the one before it has ended, however that ended. */
export function inTurn(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task, task);
    // The failure belongs to whoever asked for `mine`; here it only marks the end.
    last = mine.catch(() => undefined);
    return mine;
  };
}
