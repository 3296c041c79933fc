import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '@nx-nixpack/base';
import {
  ImageBudget,
  layerFromStore,
  unpackLayer,
  type Digest,
  type SpecialFiles,
  type Store,
} from '@nx-nixpack/oci';
import type { LayerParts } from '@nx-nixpack/oci';
import { lockFile, withLocks } from './lock.js';
import { runProgram } from '../programs.js';
import type { Snapshot, Snapshots } from './snapshots.js';
import { baseKey } from '../steps/step-key.js';

export interface BaseRootPorts {
  readonly runner: Runner;
  readonly store: Store;
  readonly snapshots: Snapshots;
  readonly session: string;
  readonly locks: string;
  readonly onStep: (text: string) => void;
  readonly onWait: () => void;
}

/** The root file system of a base image, unpacked once for all builds of the store. Its layers must be in the store. */
export async function baseRoot(
  ports: BaseRootPorts,
  layers: readonly LayerParts[],
): Promise<Snapshot> {
  const key = baseKey({ layers: layers.map((parts) => layerFromStore(ports.store, parts)) });
  const { snapshots, runner, locks } = ports;
  const known = snapshots.find(key);
  if (known) return known;
  return withLocks(
    { runner, directory: locks },
    [lockFile('base', key)],
    ports.onWait,
    async () => snapshots.find(key) ?? unpack(ports, key, layers),
  );
}

async function unpack(
  { runner, store, snapshots, session, onStep }: BaseRootPorts,
  key: Digest,
  layers: readonly LayerParts[],
): Promise<Snapshot> {
  onStep(`unpack   base image, ${layers.length} layer${layers.length === 1 ? '' : 's'}`);
  const prepared = join(session, 'base');
  const tree = join(prepared, 'tree');
  mkdirSync(tree, { recursive: true, mode: 0o755 });
  const special = specialFiles(runner, join(session, 'special'));
  const budget = new ImageBudget();
  for (const parts of layers)
    await unpackLayer(layerFromStore(store, parts), tree, { special, budget });
  return snapshots.commit(key, prepared);
}

/** One process makes many, under names that are ours. */
function specialFiles(runner: Runner, directory: string): SpecialFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const args = ['--extract', '--file=-', `--directory=${directory}`];
  return {
    directory,
    unpack: async (input) => void (await runProgram(runner, 'tar', args, { input })),
  };
}
