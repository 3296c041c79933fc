import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
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

/** What a stranger has: a program in each of two languages, without a word about images. */
const FILES = {
  'package.json': JSON.stringify({ name: 'team', version: '1.0.0', private: true }),
  'nx.json': JSON.stringify({ analytics: false, neverConnectToCloud: true }),
  '.gitignore': 'node_modules\n.nx\n',
  'services/api/package.json': JSON.stringify({
    name: 'api',
    version: '1.0.0',
    scripts: { start: 'node main.js' },
    engines: { node: '22' },
  }),
  'services/api/main.js': `require('node:http')
  .createServer((_request, response) => response.end('node ' + process.version))
  .listen(process.env.PORT);
`,
  'services/hello/requirements.txt': 'bottle==0.13.4\n',
  'services/hello/main.py': `import os
from bottle import route, run

@route("/")
def hello():
    return "python with bottle"

run(host="0.0.0.0", port=int(os.environ["PORT"]))
`,
};

/** A source and an image, nothing else. */
const DEPLOYMENT = `deployment:
  name: team
  components:
    nixpack:
${['api', 'hello']
  .map(
    (name) =>
      `      ${name}: { vars: { source: ./services/${name}, image: { registry: registry.example.com, name: ${name} } } }`,
  )
  .join('\n')}
`;

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
    workspace.write('deployments/team.yaml', DEPLOYMENT);
    await workspace.commit('the team');
  }, LIMIT);

  after(async () => {
    await registry?.stop();
    scratch.remove();
  });

  for (const [name, answer] of [
    ['api', /^node v22\./],
    ['hello', /^python with bottle$/],
  ])
    test(`builds ${name} without a base, and what it builds answers`, LIMIT, async () => {
      const output = await workspace.nxSucceeds(['run', `${name}:build-image`]);
      assert.match(output, /sha256:[0-9a-f]{64}/);
      const layout = workspace.path('dist', 'nixpack', 'team', 'nixpack', name, 'image', 'oci');
      const { status, body, user } = await runImage(`oci:${layout}`, {
        httpPort: 8080,
        env: { PORT: '8080' },
        timeoutMs: 10 * MINUTES,
      });
      assert.equal(status, 200);
      assert.match(body, answer);
      assert.notEqual(user.uid, 0);
    });

  test('finds both in the store and in the cache the second time', LIMIT, async () => {
    const output = await workspace.nxSucceeds(['run-many', '-t', 'build-image']);
    assert.match(output, /read the output from the cache|existing outputs match the cache/);
  });
});
