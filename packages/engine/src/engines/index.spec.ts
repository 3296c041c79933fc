import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scriptedRunner } from '@nx-nixpack/testing';
import { ENGINES } from './index.js';

describe('ENGINES', () => {
  it('lists every engine of the folder under its own name', () => {
    const options = { runner: scriptedRunner({}), workerCommand: { file: 'node', args: [] } };
    const names = readdirSync(__dirname).filter((name) =>
      statSync(join(__dirname, name)).isDirectory(),
    );
    expect(ENGINES.map((make) => make(options).name).sort()).toEqual(names.sort());
  });
});
