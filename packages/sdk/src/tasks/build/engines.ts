import { join } from 'node:path';
import { ENGINES, type Engine } from '@nx-nixpack/engine';
import { execaRunner } from '../../system/execa-runner.js';

/** Every engine of the list, ready to be asked whether it can keep its files in the store. */
export function engines(storeDirectory: string): readonly Engine[] {
  const worker = {
    file: process.execPath,
    args: [join(__dirname, '../../system/embedded-worker.js')],
  };
  return ENGINES.map((make) =>
    make({ runner: execaRunner, workerCommand: worker, storeDirectory }),
  );
}
