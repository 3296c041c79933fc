import type { Command, Runner } from '@nx-nixpack/base';
import { HOST_ENV } from '../programs.js';

/**
 * Starts a program that goes on running, and resolves when it has printed a line. It ends with the process namespace
 * that it was started in. Rejects when it ends before it has said so.
 */
export function untilLine(
  runner: Runner,
  command: Pick<Command, 'file' | 'args' | 'cwd'>,
  wanted: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const running = runner.run({
      ...command,
      env: HOST_ENV,
      onLine: (line) => {
        if (line === wanted) resolve();
      },
    });
    running.then(
      ({ stderr, exitCode, signal }) =>
        reject(new Error(stderr.toString('utf8').trim() || `ended with ${exitCode ?? signal}`)),
      reject,
    );
  });
}
