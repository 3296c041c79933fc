import { describeProblem, sanitize, UserError, type Progress } from '@nx-nixpack/base';

export type Outcome = { readonly success: boolean };

/** How a task talks: our own lines plain, lines of the build set apart so that a terminal or CI never acts on them. */
export const consoleProgress: Progress = {
  step: (message) => console.log(sanitize(message)),
  output: (line) => console.log(`  │ ${sanitize(line)}`),
  warn: (message) => console.warn(`warning: ${sanitize(message)}`),
};

/**
 * Runs the work of a task. A user's mistake becomes its message and a failed task; a bug keeps its stack.
 * The signal fires when Nx asks to stop, and when Nx itself is gone: an orphan must not go on building.
 */
export async function reporting(work: (signal: AbortSignal) => Promise<void>): Promise<Outcome> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;
  for (const event of events) process.once(event as 'SIGTERM', stop);
  try {
    await work(abort.signal);
    return { success: true };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const problem of error.problems) console.error(sanitize(describeProblem(problem)));
    return { success: false };
  } finally {
    for (const event of events) process.removeListener(event, stop);
  }
}
