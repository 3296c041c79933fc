import { join } from 'node:path';
import { ENGINES, type Engine } from '@nx-nixpack/engine';
import { execaRunner } from '../../system/execa-runner.js';

const SYSTEM = join(__dirname, '../../system');

/** Every engine of the list, ready to be asked whether it can keep its files in the store. */
export function engines(storeDirectory: string): readonly Engine[] {
  const worker = (engine: string) => ({
    file: process.execPath,
    args: [join(SYSTEM, `${engine}-worker.js`)],
  });
  return ENGINES.map((make) => make({ runner: execaRunner, storeDirectory, worker }));
}
