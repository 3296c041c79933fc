import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scriptedRunner } from '@nx-nixpack/testing';
import { chooseEngine } from './choose-engine.js';
import type { EngineHost } from './engine-host.js';
import { ENGINES } from './index.js';
import { memoryEngine } from './memory-engine.contract.js';

const host: EngineHost = {
  runner: scriptedRunner({}),
  worker: (engine) => ({ file: 'node', args: [engine] }),
};

describe('ENGINES', () => {
  it('lists every engine of the folder under its own name', () => {
    const names = readdirSync(__dirname).filter((name) =>
      statSync(join(__dirname, name)).isDirectory(),
    );
    expect(ENGINES.map((make) => make(host).name).sort()).toEqual(names.sort());
  });

  it('takes another engine as one more entry, which is then chosen by its name and by its place', async () => {
    const more: typeof ENGINES = [() => memoryEngine(), ...ENGINES];
    const engines = more.map((make) => make(host));
    expect((await chooseEngine('memory', engines)).name).toBe('memory');
    expect((await chooseEngine('auto', engines)).name).toBe('memory');
  });
});
