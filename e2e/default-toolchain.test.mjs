import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runImage } from '../tools/setup/run-image.mjs';
import { PlanningWorkspace } from './support/planning-workspace.mjs';
import { Scratch } from './support/scratch.mjs';
import { NpmRegistry } from './support/verdaccio.mjs';

const NX = '23.2.1';
const MINUTES = 60_000;
const NO_LIMIT = { timeout: Infinity };
/** Packages of two languages and of Debian are fetched, on any machine. */
const LIMIT = { timeout: 120 * MINUTES };

const nodeService = (name) => ({
  [`services/${name}/package.json`]: JSON.stringify({
    ...{ name, version: '1.0.0', scripts: { start: 'node main.js' } },
    engines: { node: '22' },
  }),
  [`services/${name}/main.js`]: `require('node:http')
  .createServer((_request, response) => response.end('node ' + process.version))
  .listen(process.env.PORT);
`,
});

/** What a stranger has: a program in each of two languages, without a word about images. */
const FILES = {
  'package.json': JSON.stringify({ name: 'team', version: '1.0.0', private: true }),
  'nx.json': JSON.stringify({ analytics: false, neverConnectToCloud: true }),
  '.gitignore': 'node_modules\n.nx\n',
  ...nodeService('api'),
  ...nodeService('greeter'),
  'services/hello/requirements.txt': 'bottle==0.13.4\n',
  'services/hello/main.py': `import os
from bottle import route, run

@route("/")
def hello():
    return "python with bottle"

run(host="0.0.0.0", port=int(os.environ["PORT"]))
`,
};

/** A source and an image, nothing else; `settings` are those of a team that has a lock. */
const deployment = (settings = '') => `deployment:
  name: team
  components:
    nixpack:
${['api', 'hello'].map((name) => component(name, settings)).join('\n')}
`;

const component = (name, settings) =>
  `      ${name}: { vars: { source: ./services/${name}, image: { registry: registry.example.com, name: ${name} } }${settings} }`;

const DEPLOYMENT = 'deployments/team.yaml';
const LOCK = 'nixpack.lock.json';
const LOCKED = ', settings: { nixpack: { require_lock: true } }';

describe('a workspace with the toolchain that init writes', NO_LIMIT, () => {
  const scratch = new Scratch('nixpack-default-');
  let registry;
  let workspace;

  before(async () => {
    registry = await NpmRegistry.start();
    await registry.publishAll();
    const directory = join(scratch.directory, 'team');
    mkdirSync(directory);
    workspace = new PlanningWorkspace({ directory, registry, start: scratch.watch });
    for (const [path, text] of Object.entries(FILES)) workspace.write(path, text);
    await registry.npm(['install', '--save-dev', '--save-exact', `nx@${NX}`], directory);
    await registry.npm(['install', '--save-dev', 'nx-nixpack'], directory);
    await workspace.git('init', '-q', '-b', 'main');
    await workspace.nxSucceeds(['g', 'nx-nixpack:init']);
    workspace.write(DEPLOYMENT, deployment());
    await workspace.commit('the team');
  }, LIMIT);

  after(async () => {
    await registry?.stop();
    scratch.remove();
  });

  const imageOf = (name) => workspace.path('dist', 'nixpack', 'team', 'nixpack', name, 'image');
  const digestOf = (name) => {
    const { platforms } = JSON.parse(readFileSync(join(imageOf(name), 'image.json'), 'utf8'));
    return Object.values(platforms)[0].digest;
  };
  const digests = () => ['api', 'hello'].map(digestOf);
  const answerOf = (name) =>
    runImage(`oci:${join(imageOf(name), 'oci')}`, {
      httpPort: 8080,
      env: { PORT: '8080' },
      timeoutMs: 10 * MINUTES,
    });

  for (const [name, answer] of [
    ['api', /^node v22\./],
    ['hello', /^python with bottle$/],
  ])
    test(`builds ${name} without a base, and what it builds answers`, LIMIT, async () => {
      const output = await workspace.nxSucceeds(['run', `${name}:build-image`]);
      assert.match(output, /sha256:[0-9a-f]{64}/);
      const { status, body, user } = await answerOf(name);
      assert.equal(status, 200);
      assert.match(body, answer);
      assert.notEqual(user.uid, 0);
    });

  test('finds both in the store and in the cache the second time', LIMIT, async () => {
    const output = await workspace.nxSucceeds(['run-many', '-t', 'build-image']);
    assert.match(output, /read the output from the cache|existing outputs match the cache/);
  });

  test('builds from its lock what it has built without one', LIMIT, async () => {
    const before = digests();
    await workspace.nxSucceeds(['g', 'nx-nixpack:lock']);
    const lock = workspace.read(LOCK);
    assert.deepEqual(Object.keys(JSON.parse(lock).toolchains), [
      'team/nixpack/api',
      'team/nixpack/hello',
    ]);
    workspace.write(DEPLOYMENT, deployment(LOCKED));
    const output = await workspace.nxSucceeds(['run-many', '-t', 'build-image']);
    // Nothing but the setting is new: no step runs again.
    for (const [, all, stored] of output.matchAll(/(\d+) steps, (\d+) from the store/g))
      assert.equal(stored, all);
    assert.deepEqual(digests(), before);
    const again = await workspace.nxSucceeds(['run-many', '-t', 'build-image']);
    assert.match(again, /read the output from the cache|existing outputs match the cache/);
  });

  test(
    'writes the same lock again, and looks everything up anew when asked to',
    LIMIT,
    async () => {
      const lock = workspace.read(LOCK);
      await workspace.nxSucceeds(['g', 'nx-nixpack:lock']);
      assert.equal(workspace.read(LOCK), lock);
      const older = lock.replace('"wanted": "', '"wanted": "older than ');
      assert.notEqual(older, lock);
      workspace.write(LOCK, older);
      await workspace.nxSucceeds(['g', 'nx-nixpack:lock']);
      assert.equal(workspace.read(LOCK), older);
      await workspace.nxSucceeds(['g', 'nx-nixpack:lock', '--update']);
      assert.doesNotMatch(workspace.read(LOCK), /older than/);
    },
  );

  test('locks what is sound, and fails for what is not', LIMIT, async () => {
    const { toolchains, ...lock } = JSON.parse(workspace.read(LOCK));
    const { 'team/nixpack/hello': _hello, ...others } = toolchains;
    const files = {
      [LOCK]: JSON.stringify({ ...lock, toolchains: others }),
      [DEPLOYMENT]: `${deployment(LOCKED)}${component('gone', '')}\n`,
    };
    await workspace.with(files, async () => {
      const refused = await workspace.nx(['run', 'hello:plan-image']);
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /does not lock the toolchain of team\/nixpack\/hello/);
      const { code, output } = await workspace.nx(['g', 'nx-nixpack:lock']);
      assert.notEqual(code, 0);
      assert.match(output, /SOURCE_MISSING.*gone|services\/gone/);
      const locked = Object.keys(JSON.parse(workspace.read(LOCK)).toolchains);
      assert.deepEqual(locked, ['team/nixpack/api', 'team/nixpack/hello']);
    });
  });

  test(
    'makes a base, which is the same each time and on which others are built',
    LIMIT,
    async () => {
      await workspace.nxSucceeds(['g', 'nx-nixpack:base', '--language=node@22']);
      const base =
        "settings: { nixpack: { toolchain: base, build_image: '{{ nixpack.node-22.ref }}' } }";
      const line = component('greeter', `, ${base}`);
      workspace.write(DEPLOYMENT, workspace.read(DEPLOYMENT).replace(/nixpack:\n/, `$&${line}\n`));
      const output = await workspace.nxSucceeds(['run', 'greeter:build-image']);
      // A base has no program that could be started.
      assert.equal(output.match(/smoke {4}/g)?.length, 2, output);
      assert.match(output, /smoke {4}greeter listens/);
      const { body } = await answerOf('greeter');
      assert.match(body, /^node v22\./);
      const before = digestOf('node-22');
      await workspace.nxSucceeds(['run', 'node-22:build-image', '--verify', '--skip-nx-cache']);
      assert.equal(digestOf('node-22'), before);
    },
  );
});
