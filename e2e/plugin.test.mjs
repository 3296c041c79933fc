import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test as unlimited } from 'node:test';
import { DEPLOYMENT, deploymentFile, PlanningWorkspace } from './support/planning-workspace.mjs';
import { Scratch } from './support/scratch.mjs';
import { NpmRegistry } from './support/verdaccio.mjs';

/** Each major that the peer range allows, with the newest @nx/devkit that there is for it; one with Nx alone. */
const SUPPORTED = [
  { nx: '22.7.12' },
  { nx: '23.2.1', devkit: '23.2.1' },
  { nx: '24.0.6', devkit: '24.0.0' },
];
const TARGETS = ['build-image', 'plan-image', 'push-image', 'sbom'];
const PROJECTS = ['@shop/api', 'web', 'worker'];
const MINUTES = 60_000;
/** Of each test and each preparation: a limit for all of them together would fail them together on a busy machine. */
const LIMIT = { timeout: 15 * MINUTES };
const NO_LIMIT = { timeout: Infinity };
const test = (name, body) => unlimited(name, LIMIT, body);

describe('the published plugin', NO_LIMIT, () => {
  const scratch = new Scratch('nixpack-plugin-');
  let registry;

  before(async () => {
    registry = await NpmRegistry.start();
    await registry.publishAll();
  }, LIMIT);

  after(async () => {
    await registry?.stop();
    scratch.remove();
  });

  for (const versions of SUPPORTED)
    describe(`in a workspace with Nx ${versions.nx}`, NO_LIMIT, () => {
      const workspace = () => shop;
      let shop;

      before(async () => {
        const directory = join(scratch.directory, `nx-${versions.nx}`, 'shop');
        shop = new PlanningWorkspace({ directory, registry, start: scratch.watch });
        await shop.create(versions);
      }, LIMIT);

      pluginTests(workspace);
    });
});

/** What holds with every supported Nx. The tests of one workspace follow each other; each leaves it as it was. */
function pluginTests(workspace) {
  const edgesOf = ({ graph }, name) => graph.dependencies[name].map(({ target }) => target).sort();
  /** Nx 24 tells more of each dependency than its id. */
  const upstream = ({ dependencies }, id) => dependencies[id].map((one) => one.id ?? one).sort();

  test('is added by nx add, and init changes nothing more', async () => {
    const shop = workspace();
    await shop.nxSucceeds(['add', 'nx-nixpack']);
    assert.deepEqual(JSON.parse(shop.read('nx.json')).plugins, [
      { plugin: 'nx-nixpack', options: { toolchain: 'debian' } },
    ]);
    assert.ok(JSON.parse(shop.read('package.json')).devDependencies['nx-nixpack']);
    assert.match(shop.read('.gitignore'), /^\/\.bases$/m);
    await shop.commit('the shop');
    for (const _ of [1, 2]) await shop.nxSucceeds(['g', 'nx-nixpack:init']);
    assert.equal(await shop.git('status', '--short'), '');
  });

  test('lists what it can do', async () => {
    const output = await workspace().nxSucceeds(['list', 'nx-nixpack']);
    for (const name of [...TARGETS, 'init']) assert.match(output, new RegExp(`${name} : [A-Z]`));
    assert.doesNotMatch(output, /undefined/);
  });

  test('makes a project of each source, with its targets and configurations', async () => {
    const shop = workspace();
    const listed = JSON.parse(await shop.nxSucceeds(['show', 'projects', '--json']));
    assert.deepEqual(
      listed.filter((name) => name !== '@shop/source').sort(),
      PROJECTS,
      'a name that was there wins',
    );
    const { nodes } = (await shop.graph()).graph;
    assert.equal((await shop.project('@shop/api')).root, 'services/api');
    for (const name of PROJECTS) {
      const { targets, tags } = nodes[name].data;
      assert.ok(tags.includes('nixpack') && tags.includes('deployment:shop'));
      const inferred = TARGETS.map((target) => targets[target]);
      assert.deepEqual(
        inferred.map(({ executor }) => executor),
        TARGETS.map((target) => `nx-nixpack:${target}`),
      );
      assert.deepEqual(
        inferred.map(({ configurations = {} }) => Object.keys(configurations)),
        [[], [], ['dev', 'prod'], []],
      );
      assert.deepEqual(
        inferred.map(({ cache }) => cache),
        [true, false, false, true],
      );
      assert.equal(targets['push-image'].defaultConfiguration, 'dev');
      assert.doesNotMatch(JSON.stringify(inferred), /\{projectRoot\}/);
    }
  });

  test('draws edges for depends_on and orders tasks by them, whatever a project is called', async () => {
    const shop = workspace();
    const graph = await shop.graph();
    assert.deepEqual(edgesOf(graph, 'web'), ['@shop/api', 'worker']);
    assert.deepEqual(edgesOf(graph, 'worker'), ['@shop/api']);
    const path = 'services/api/package.json';
    const renamed = shop.read(path).replace('@shop/api', '@shop/gateway');
    await shop.with({ [path]: renamed }, async () => {
      const { tasks } = await shop.graph('run', 'worker:push-image');
      assert.deepEqual(upstream(tasks, 'worker:build-image'), [
        '@shop/gateway:build-image',
        'worker:plan-image',
      ]);
      assert.ok(upstream(tasks, 'worker:push-image:dev').includes('@shop/gateway:push-image:dev'));
      assert.deepEqual(edgesOf(await shop.graph(), 'worker'), ['@shop/gateway']);
    });
  });

  test('plans all images in one process', async () => {
    const shop = workspace();
    const trace = shop.path('..', 'processes.txt');
    const counter = shop.path('..', 'counter.cjs');
    writeFileSync(
      counter,
      `require('fs').appendFileSync(${JSON.stringify(trace)}, process.argv[1] + '\\n')`,
    );
    await shop.nxSucceeds(['run-many', '-t', 'plan-image'], {
      NODE_OPTIONS: `--require=${JSON.stringify(counter)}`,
    });
    const started = readFileSync(trace, 'utf8').split('\n');
    const count = (name) => started.filter((line) => line.includes(name)).length;
    assert.deepEqual(
      { batch: count('run-batch'), single: count('run-executor') },
      { batch: 1, single: 0 },
    );
    assert.deepEqual(
      shop.lastTasks(),
      PROJECTS.map((name) => `${name}:plan-image`),
    );
  });

  test('leaves a plan without tag, registry, commit or place on this machine', async () => {
    const shop = workspace();
    const commit = (await shop.git('rev-parse', 'HEAD')).trim();
    const plans = ['api', 'worker', 'web'].map((name) => [name, shop.record(name, 'plan.json')]);
    for (const [name, text] of plans) {
      const [{ providers, bases }] = Object.values(JSON.parse(text).platforms);
      assert.equal(providers.length, 1, name);
      assert.match(bases.build.digest, /^sha256:[0-9a-f]{64}$/);
      const forbidden = [
        'git.sha',
        'v-',
        'example.com',
        commit,
        commit.slice(0, 7),
        shop.directory,
        shop.path('..'),
      ];
      for (const foreign of forbidden) assert.ok(!text.includes(foreign), `${name}: ${foreign}`);
    }
    assert.deepEqual(JSON.parse(shop.record('web', 'publish.json')).tags, ['v-{{ git.sha }}']);
    await shop.commit('another commit');
    await shop.nxSucceeds(['run-many', '-t', 'plan-image', '-c', 'prod']);
    for (const [name, text] of plans) assert.equal(shop.record(name, 'plan.json'), text);
  });

  test('explains a plan, and prints it as JSON', async () => {
    const shop = workspace();
    const explained = await shop.nxSucceeds(['run', 'worker:plan-image', '--explain']);
    const plain = await shop.nxSucceeds(['run', 'worker:plan-image']);
    assert.match(plain, /planned shop\/worker: go/);
    assert.match(explained, /go\.mod/);
    assert.ok(explained.length > plain.length);
    const printed = await shop.nxSucceeds(['run', 'worker:plan-image', '--json']);
    assert.deepEqual(
      JSON.parse(/^\{$.*^\}$/ms.exec(printed)[0]),
      JSON.parse(shop.record('worker', 'plan.json')),
    );
  });

  test('fails a plan that cannot be made, says why, and makes the others', async () => {
    const shop = workspace();
    const broken = shop.read(DEPLOYMENT).replace('oci:.bases/tiny', 'oci:.bases/nowhere');
    await shop.with({ [DEPLOYMENT]: broken }, async () => {
      rmSync(shop.path('dist'), { recursive: true });
      const { code, output } = await shop.nx(['run-many', '-t', 'plan-image']);
      assert.equal(code, 1, output);
      assert.match(output, /BASE_[A-Z_]+ .*nowhere.*\n\s+hint: /);
      assert.doesNotMatch(output, /^\s+at .*\.js:\d+/m);
      assert.throws(() => shop.record('api', 'plan.json'));
      for (const name of ['worker', 'web']) shop.record(name, 'plan.json');
    });
  });

  test('fails what is broken in a deployment file with every problem in its place, and plans the rest', async () => {
    const shop = workspace();
    const broken = shop
      .read(DEPLOYMENT)
      .replace('./services/web', './services/wbe')
      .replace('"nixpack/worker"', '"nixpack/wroker"');
    await shop.with({ [DEPLOYMENT]: broken }, async () => {
      const listed = JSON.parse(await shop.nxSucceeds(['show', 'projects', '--json']));
      assert.deepEqual(listed.filter((name) => name !== '@shop/source').sort(), PROJECTS);
      const { description } = (await shop.project('web')).targets['build-image'].metadata;
      assert.match(description, /^Broken .*deployments\/shop\.yaml:\d+:\d+ /);
      const { code, output } = await shop.nx(['run', 'web:build-image']);
      assert.equal(code === 0, false, output);
      for (const problem of ['SOURCE_MISSING', 'CONFIG_UNKNOWN_COMPONENT'])
        assert.match(
          output,
          new RegExp(`deployments/shop\\.yaml:\\d+:\\d+ ${problem} .*\\n\\s+hint: `),
        );
      assert.doesNotMatch(output, /^\s+at .*\.js:\d+/m);
      const planned = await shop.nxSucceeds(['run', 'worker:plan-image']);
      assert.match(
        planned,
        /warning: shop: nixpack\/web cannot be built: .*CONFIG_UNKNOWN_COMPONENT/,
      );
      const many = await shop.nx(['run-many', '-t', 'plan-image']);
      assert.notEqual(many.code, 0, 'nobody misses the broken one unknowingly');
    });
  });

  test('keeps the others beside a file that cannot be read', async () => {
    const shop = workspace();
    shop.write('deployments/bad.yaml', 'deployment: [');
    try {
      await shop.nxSucceeds(['run', 'worker:plan-image']);
      const { code, output } = await shop.nx(['run-many', '-t', 'plan-image']);
      assert.notEqual(code, 0);
      assert.match(output, /deployments\/bad\.yaml:\d+:\d+ CONFIG_SYNTAX/);
    } finally {
      rmSync(shop.path('deployments', 'bad.yaml'));
    }
  });

  test('runs the tasks of a component by its name, whatever its project is called', async () => {
    const shop = workspace();
    const own = await shop.nxSucceeds(['run', 'api:plan-image']);
    assert.match(own, /next +nx run @shop\/api:build-image/);
    const path = 'services/api/package.json';
    const renamed = shop.read(path).replace('@shop/api', '@shop/gateway');
    await shop.with({ [path]: renamed }, async () => {
      const shown = ['--explain', '--outputStyle=static'];
      const output = await shop.nxSucceeds(['run', 'api:plan-image', ...shown]);
      assert.match(output, /next +nx run @shop\/gateway:build-image/);
      assert.match(output, /Detection:/, 'options reach the task');
      const { tasks } = await shop.graph('affected', '-t', 'plan-image', '--files', path);
      assert.ok(!Object.keys(tasks).includes('api:plan-image'), 'nothing is run twice');
    });
  });

  test('lets affected select what a change concerns', async () => {
    const shop = workspace();
    const selected = async () => {
      await shop.nxSucceeds(['affected', '-t', 'plan-image', '--base=HEAD~1', '--head=HEAD']);
      return shop.lastTasks();
    };
    const affected = async (path, text) => {
      await shop.commit('before');
      return shop.with({ [path]: text }, async () => {
        await shop.commit(`change ${path}`);
        return selected();
      });
    };
    assert.deepEqual(await affected('services/web/index.html', '<h1>other</h1>\n'), [
      'web:plan-image',
    ]);
    const comment = `# a comment\n${shop.read(DEPLOYMENT)}`;
    assert.deepEqual(
      await affected(DEPLOYMENT, comment),
      PROJECTS.map((name) => `${name}:plan-image`),
    );
    const ignored = `${shop.read('.gitignore')}/services/web/assets\n`;
    assert.ok((await affected('.gitignore', ignored)).includes('web:plan-image'));
    await shop.commit('before');
    shop.write('.nvmrc', '22\n');
    await shop.commit('a version file');
    assert.ok((await selected()).includes('@shop/api:plan-image'), '.nvmrc appeared');
    rmSync(shop.path('.nvmrc'));
    await shop.commit('no version file');
    assert.ok((await selected()).includes('@shop/api:plan-image'), '.nvmrc vanished');
  });

  test('gives components of one source targets of their own, and plain ones for all', async () => {
    const shop = workspace();
    const text = deploymentFile(['batch', { source: 'worker', dependsOn: ['worker'] }]);
    await shop.with({ [DEPLOYMENT]: text }, async () => {
      const { targets } = await shop.project('worker');
      const own = ['batch', 'worker'].flatMap((name) =>
        TARGETS.map((target) => `${target}--shop-${name}`),
      );
      assert.deepEqual(Object.keys(targets).sort(), [...TARGETS, ...own].sort());
      await shop.nxSucceeds(['run', 'worker:plan-image']);
      const planned = ['batch', 'worker'].map((name) => `worker:plan-image--shop-${name}`);
      assert.deepEqual(
        shop.lastTasks().filter((id) => planned.includes(id)),
        planned,
      );
      for (const name of ['batch', 'worker'])
        assert.equal(JSON.parse(shop.record(name, 'plan.json')).component, name);
      const { tasks } = await shop.graph('run-many', '-t', 'build-image');
      assert.ok(
        upstream(tasks, 'worker:build-image--shop-batch').includes(
          'worker:build-image--shop-worker',
        ),
      );
      assert.ok(upstream(tasks, 'web:build-image').includes('worker:build-image--shop-worker'));
    });
  });

  test("survives targetDefaults that replace what its targets' cache rests on, and warns", async () => {
    const shop = workspace();
    const hostile = { inputs: ['{projectRoot}/**/*', '^default'], dependsOn: ['^build'] };
    const nxJson = {
      ...JSON.parse(shop.read('nx.json')),
      targetDefaults: {
        'build-image': { ...hostile, outputs: ['{projectRoot}/dist'] },
        'plan-image': { ...hostile, dependsOn: [], cache: true },
      },
    };
    await shop.with({ 'nx.json': JSON.stringify(nxJson) }, async () => {
      const planned = await shop.nxSucceeds(['run', 'web:plan-image']);
      assert.match(planned, /warning: .*targetDefaults/);
      const { output } = await shop.nx(['run', 'web:build-image', '--skip-nx-cache']);
      assert.match(output, /warning: .*targetDefaults/);
      assert.doesNotMatch(output, /^\s+at .*\.js:\d+/m);
    });
  });
}
