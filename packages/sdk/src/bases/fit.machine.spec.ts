import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basePrograms } from '@nx-nixpack/engine';
import { openImageTree, readLayout } from '@nx-nixpack/oci';

const scratch = mkdtempSync(join(tmpdir(), 'fit-'));
afterAll(() => rmSync(scratch, { recursive: true }));

it.each([
  ['node-build', ['node', 'npm']],
  ['node-run', ['node']],
  ['python', ['python', 'python3']],
  ['go-build', ['go']],
  ['go-run', []],
  ['static', ['nginx']],
])('finds the programs of %s, with their versions', async (name, wanted) => {
  const layout = join(__dirname, '../../../../dist/base-images', name);
  const image = await readLayout(layout, {
    platform: process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64',
  });
  const tree = await openImageTree(image.layers, scratch);
  const programs = basePrograms(tree, image.config) ?? {};
  tree.close();
  expect(Object.keys(programs)).toEqual(expect.arrayContaining(wanted));
  for (const program of wanted) expect(programs[program]).toMatch(/^\d+\.\d+/);
  if (wanted.length === 0) expect(programs).toEqual({});
});
