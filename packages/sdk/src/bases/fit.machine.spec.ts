import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basePrograms, checkFit, lower, type BaseFacts } from '@nx-nixpack/engine';
import { openImageTree, readLayout } from '@nx-nixpack/oci';
import { generatePlan, sourceTree } from '@nx-nixpack/plan';
import { diskTree } from '../system/disk-tree.js';

const ROOT = join(__dirname, '../../../..');
const scratch = mkdtempSync(join(tmpdir(), 'fit-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function factsOf(name: string): Promise<BaseFacts> {
  const platform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  const image = await readLayout(join(ROOT, 'dist/base-images', name), { platform });
  const tree = await openImageTree(image.layers, scratch);
  const programs = basePrograms(tree, image.config);
  tree.close();
  const { config, digest } = image;
  return { config, digest, hasBash: true, passwd: '', group: '', ...(programs && { programs }) };
}

it.each([
  ['node-build', ['node', 'npm']],
  ['node-run', ['node']],
  ['python', ['python', 'python3']],
  ['go-build', ['go']],
  ['go-run', []],
  ['static', ['nginx']],
])('finds the programs of %s, with their versions', async (name, wanted) => {
  const { programs = {} } = await factsOf(name);
  expect(Object.keys(programs)).toEqual(expect.arrayContaining(wanted));
  for (const program of wanted) expect(programs[program]).toMatch(/^\d+\.\d+/);
  if (wanted.length === 0) expect(programs).toEqual({});
});

it.each([
  { service: 'api', build: 'node-build', run: 'node-run', start: 'node dist/main.js' },
  { service: 'worker', build: 'go-build', run: 'go-run' },
  { service: 'tools', build: 'python' },
  { service: 'web', build: 'static' },
])('says nothing of $service of the example on its own bases', async ({ service, ...more }) => {
  const tree = diskTree(join(ROOT, 'examples/shop/services', service));
  const { plan, hints } = generatePlan(sourceTree(tree, { name: service }), {
    toolchain: 'base',
    ...(more.start === undefined ? {} : { plan: { start: { cmd: more.start } } }),
  });
  const bases = {
    build: await factsOf(more.build),
    ...(more.run === undefined ? {} : { run: await factsOf(more.run) }),
  };
  const recipe = lower(plan, hints, SETTINGS, bases);
  expect(() => checkFit(recipe, hints, bases)).not.toThrow();
});

const SETTINGS = {
  toolchain: 'base',
  user: '65532:65532',
  ...{ env: {}, buildEnv: {}, secrets: [], network: {}, ports: [], labels: {} },
  devDependencies: { drop: false, reason: 'none' },
  ...{ sourceDirectory: '', created: 0, cacheScope: 'x' },
} as const;
