import { existsSync } from 'node:fs';
import type { Runner } from '@nx-nixpack/base';
import { encodeMessage } from './messages.js';
import { decodeRequest } from './request.js';
import { runWorker } from './worker.js';

const PULSE_MS = 250;

/**
 * The whole life of the process that an engine starts inside new namespaces: the request on standard input, messages
 * on standard output. It ends itself when nobody reads them any more or the engine takes the session away; the kernel
 * then ends everything it started.
 */
export async function embeddedWorker(runner: Runner): Promise<void> {
  // Whatever umask the build was started with, the files of the image have the modes we mean.
  process.umask(0o022);
  const stop = (): never => process.exit(1);
  process.stdout.on('error', stop);
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const request = decodeRequest(await readInput());
  setInterval(() => {
    if (!existsSync(request.sessionDirectory)) stop();
    process.stdout.write('\n');
  }, PULSE_MS);
  await runWorker({
    runner,
    request,
    send: (message) => process.stdout.write(encodeMessage(message)),
  });
  process.exit(0);
}

async function readInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
