/**
 * One build in a process of its own, for the spec that kills it: STORE SOURCE MARKER LINGER. Prints the image's digest at
 * the end. MARKER shows in every command line of the build; the last step sleeps for LINGER seconds.
 */
import { join } from 'node:path';
import { Store } from '@nx-nixpack/oci';
import { diskTree } from '../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../sdk/src/system/execa-runner.js';
import { copy, HERE, NO_HOST, recipe, run, stage } from '../requests.contract.js';
import { hostBase } from '../host-base.contract.js';
import { embeddedEngine } from './embedded-engine.js';

const ROOT = join(__dirname, '../../../../..');
const SOURCES = join(ROOT, 'packages/engine/test-support/run-sources.cjs');
const WORKER = join(ROOT, 'packages/sdk/src/system/embedded-worker.ts');

/** Starts the worker from the sources; `extra` are arguments that it ignores. */
export const sourceWorker = (...extra: string[]) => ({
  file: process.execPath,
  args: ['--conditions=@nx-nixpack/source', '--require', SOURCES, WORKER, ...extra],
});

async function main(store: string, source: string, marker: string, linger: string): Promise<void> {
  const engine = embeddedEngine({ runner: execaRunner, worker: () => sourceWorker(marker) });
  const base = await hostBase(execaRunner, Store.open(`${store}-bases`));
  const wait = `(sleep ${marker} & sleep ${marker}; :)`;
  const steps = [
    copy(['.']),
    run(`echo one > one; ${wait}`, { caches: [{ target: '/root/.cache', id: marker }] }),
    run(`rm one; for i in {1..300}; do echo $i > many$i; done; ${wait}`),
    run(`cp /usr/bin/perl big; ${wait}; sleep ${linger}`, { network: true }),
  ];
  const { image } = await engine.build({
    recipe: recipe([stage(steps)]),
    source: diskTree(source),
    bases: { build: base },
    platform: HERE,
    storeDirectory: store,
    secrets: new Map(),
    host: NO_HOST,
    progress: {
      step: (line) => console.log(line),
      output: () => {},
      warn: (line) => console.log(line),
    },
    signal: new AbortController().signal,
  });
  console.log(image.digest);
}

const [store, source, marker, linger] = process.argv.slice(2);
if (require.main === module && store && source && marker && linger)
  void main(store, source, marker, linger);
