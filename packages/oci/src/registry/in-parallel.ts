/**
 * Works on all items, `width` at a time; results in the order of the items. The first failure aborts `stop`, which the
 * work listens to, and is thrown when nothing runs any more.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  stop: AbortController,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !stop.signal.aborted) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    }
  };
  await settled(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** The access of work that is stopped from within or by the caller. */
export function stoppable<A extends { readonly signal?: AbortSignal }>(
  access: A,
  stop: AbortController,
): A {
  const outer = access.signal ? [access.signal] : [];
  return { ...access, signal: AbortSignal.any([stop.signal, ...outer]) };
}

/** Waits for all, so that nothing goes on after a failure was reported; then throws the first one. */
async function settled(running: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(running))
    if (outcome.status === 'rejected') throw outcome.reason;
}
