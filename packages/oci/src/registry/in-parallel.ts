/** Works on all items, `width` at a time; results in the order of the items. The first failure stops what has not begun. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !stopped) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  await settled(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** Waits for all, so that nothing goes on after a failure was reported; then throws the first one. */
async function settled(running: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(running))
    if (outcome.status === 'rejected') throw outcome.reason;
}
