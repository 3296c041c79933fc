import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startRegistry } from '../tools/setup/registry.mjs';
import { blocksOf, claimsToBeComplete, yamlBlocks } from './support/documentation.mjs';
import { ExampleBases } from './support/example-bases.mjs';
import { ExampleWorkspace, installPlugin } from './support/example-workspace.mjs';
import { Scratch } from './support/scratch.mjs';
import { NpmRegistry } from './support/verdaccio.mjs';

const MINUTES = 60_000;
const NO_LIMIT = { timeout: Infinity };
/** Of one example; a limit for all of them together would fail them together on a busy machine. */
const LIMIT = { timeout: 30 * MINUTES };
/** The registry of the examples, which nobody has. */
const EXAMPLE_REGISTRY = 'registry.example.com';
/** What the environment of their secrets holds. */
const SECRETS = { NPM_TOKEN: 'a token' };

const examples = yamlBlocks().filter(({ complete }) => complete);

describe('a deployment file on a page', () => {
  const unmarked = (blocks) =>
    blocks.filter((block) => claimsToBeComplete(block) && !block.complete);

  test('that can be taken for a whole one is marked, and so it is built below', () => {
    assert.deepEqual(
      unmarked(yamlBlocks()).map(({ place }) => place),
      [],
    );
  });

  test('is found where its mark was forgotten', () => {
    const text =
      'A page\n\n```yaml\ndeployment:\n  components:\n    nixpack:\n      api: {}\n```\n';
    assert.deepEqual(
      unmarked(blocksOf('page.md', text)).map(({ place }) => place),
      ['page.md:3'],
    );
  });

  test('is on the pages that people copy from', () => {
    const pages = new Set(examples.map(({ place }) => place.split(':')[0]));
    for (const page of ['README.md', 'docs/getting-started.md', 'docs/deployment-file.md'])
      assert.ok(pages.has(page), page);
  });
});

describe('a complete example of the documentation', NO_LIMIT, () => {
  const scratch = new Scratch('nixpack-examples-');
  const path = (...parts) => join(scratch.directory, ...parts);
  let npm;
  let registry;
  let bases;
  let modules;

  before(async () => {
    registry = await startRegistry();
    mkdirSync(path('bases'));
    bases = await ExampleBases.make(path('bases'), registry.address);
    npm = await NpmRegistry.start();
    await npm.publishAll();
    modules = await installPlugin(path('installed'), npm);
  }, LIMIT);

  after(async () => {
    await npm?.stop();
    await registry?.stop();
    scratch.remove();
  });

  for (const [index, { place, text }] of examples.entries())
    test(`${place} is planned and built`, LIMIT, async () => {
      const workspace = new ExampleWorkspace({
        directory: path(`example-${index}`),
        scratch: scratch.directory,
        registry: registry.address,
        start: scratch.watch,
      });
      const here = text.replaceAll(EXAMPLE_REGISTRY, registry.address);
      await bases.push(here);
      await workspace.create(here, modules);
      const components = await workspace.components();
      assert.notDeepEqual(components, []);
      for (const target of ['plan-image', 'build-image'])
        await workspace.nx(['run-many', '-t', target], SECRETS);
      for (const component of components)
        assert.match(workspace.image(component).digest, /^sha256:[0-9a-f]{64}$/, component);
    });
});
