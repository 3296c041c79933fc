import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '@nx-nixpack/base';
import { digestOf, Store } from '@nx-nixpack/oci';
import { diskTree } from '../../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import { HERE, NO_HOST, recipe, run, stage } from '../../requests.contract.js';
import type { Step } from '../../../recipe/recipe.js';
import { hostBase } from '../../host-base.contract.js';
import { sourceWorker } from '../build-once.contract.js';
import { embeddedEngine } from '../embedded-engine.js';
import { Snapshots, type Snapshot } from '../snapshots/snapshots.js';
import { StepRunner, type StepPorts } from './step-runner.js';
import { Views } from '../trees/tree-view.js';

const COPY: Step = {
  kind: 'copy',
  layer: 'application',
  from: 'build',
  paths: ['program'],
  to: '/srv',
};

describe('a copy from a stage', () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-copy-'));
  const folder = (name: string): string => {
    mkdirSync(join(directory, name), { recursive: true });
    return join(directory, name);
  };
  const snapshots = new Snapshots({
    directory: folder('snapshots'),
    trash: folder('trash'),
    scrutiny: 'used',
    onDamaged: () => undefined,
  });
  const ports = {
    runner: execaRunner,
    store: Store.open(folder('store')),
    snapshots,
    views: new Views(execaRunner, snapshots, folder('views')),
    private: folder('private'),
    session: folder('session'),
    created: 0,
    believe: true,
  } as unknown as StepPorts;
  afterAll(() => rmSync(directory, { recursive: true }));

  const built = (name: string, capability?: string): Snapshot => {
    const program = join(folder(`${name}/tree`), 'program');
    writeFileSync(program, 'program', { mode: 0o755 });
    if (capability !== undefined) spawnSync('setcap', [capability, program]);
    return snapshots.commit(digestOf(name), join(directory, name));
  };
  const copyOf = (from: Snapshot) =>
    new StepRunner(ports, () => [from]).run([built('below')], digestOf('parent'), COPY);

  it('is made again when the capability of a program comes, changes or goes', async () => {
    const plain = await copyOf(built('plain'));
    const raw = await copyOf(built('raw', 'cap_net_raw+ep'));
    const bind = await copyOf(built('bind', 'cap_net_bind_service+ep'));
    const again = await copyOf(built('again', 'cap_net_raw+ep'));
    expect([plain, raw, bind, again].map(({ cached }) => cached)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(again.snapshot).toEqual(raw.snapshot);
  });

  it('is made again when a device becomes another', async () => {
    const device = (name: string, minor: string): Snapshot => {
      const place = join(folder(`${name}/tree`), 'program');
      spawnSync('mknod', [place, 'c', '1', minor]);
      return snapshots.commit(digestOf(name), join(directory, name));
    };
    const { snapshot } = await copyOf(device('null', '3'));
    expect((await copyOf(device('zero', '5'))).snapshot).not.toEqual(snapshot);
  });
});

describe('a command that leaves another capability when it runs again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-again-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  // What is in a cache directory decides no key.
  const command = `cp /usr/bin/cat /srv/program && touch --date=@1000000000 /srv/program
if [ -e /cache/ran ]; then setcap cap_net_raw+ep /srv/program; fi; touch /cache/ran`;
  const step = { ...run(command), caches: [{ target: '/cache', id: 'cache' }] } as Step;

  it('gets another layer', async () => {
    const engine = embeddedEngine({ runner: execaRunner, worker: () => sourceWorker() });
    mkdirSync(join(directory, 'source'));
    const base = await hostBase(execaRunner, Store.open(join(directory, 'bases')));
    const build = async () => {
      const { image } = await engine.build({
        recipe: recipe([stage([step])]),
        source: diskTree(join(directory, 'source')),
        bases: { build: base },
        platform: HERE,
        storeDirectory: join(directory, 'store'),
        secrets: new Map(),
        host: NO_HOST,
        progress: silent,
        signal: new AbortController().signal,
      });
      return image.layers.at(-1)?.digest;
    };
    const first = await build();
    expect(await build()).toBe(first);
    rmSync(join(directory, 'store/embedded/snapshots'), { recursive: true });
    expect(await build()).not.toBe(first);
  });
});
