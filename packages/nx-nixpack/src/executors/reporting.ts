import {
  describeProblem,
  publicText,
  secretsRead,
  UserError,
  type Progress,
} from '@nx-nixpack/base';

export type Outcome = { readonly success: boolean };

/** How a task talks: our own lines plain, lines of the build set apart so that a terminal or CI never acts on them. */
export const consoleProgress: Progress = {
  step: (message) => console.log(publicText(message)),
  output: (line) => console.log(`  │ ${publicText(line)}`),
  warn: (message) => console.warn(`warning: ${publicText(message)}`),
};

/** What a task ends with. It is whole, since others may read it; only secrets are taken out. */
export const printResult = (text: string): void => console.log(secretsRead.redact(text));

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
    if (!(error instanceof UserError)) throw withoutSecrets(error);
    for (const problem of error.problems) console.error(publicText(describeProblem(problem)));
    return { success: false };
  } finally {
    for (const event of events) process.removeListener(event, stop);
  }
}

/** A bug keeps its stack, but no secret in it: Nx prints it and keeps what a task printed. */
function withoutSecrets(error: unknown): unknown {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    at.message = secretsRead.redact(at.message);
    if (at.stack !== undefined) at.stack = secretsRead.redact(at.stack);
  }
  return error;
}
