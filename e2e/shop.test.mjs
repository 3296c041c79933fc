import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startRegistry } from '../tools/setup/registry.mjs';
import { runImage } from '../tools/setup/run-image.mjs';
import { spdxValidators } from '../tools/setup/spdx-tools.mjs';
import { installedPackages, sbomPackages, spdxPackages } from './support/installed-packages.mjs';
import { mountsBelow, processesOf } from './support/leftovers.mjs';
import { CacheEntries, tamperedCases } from './support/tampered-cache.mjs';
import { COMPONENTS, json, Workspace } from './support/workspace.mjs';

const SERVERS = new Set(['api', 'web']);
const MINUTES = 60_000;
/** Hours: what never ends shall end, what is slow shall not. */
const LIMIT = 5 * 3_600_000;
/** Names that a file of another component, a cache or a dev dependency would bring along. */
const FOREIGN = {
  api: /services\/(web|worker|tools)|node_modules\/(typescript|@types|nx|prettier)\//,
  worker: /services\/|node_modules|go\/pkg\/mod/,
  tools: /services\/|node_modules/,
  web: /services\/|node_modules/,
};
const NEVER = /(^|\/)(\.git|\.env|_cacache|\.npm|\.cache\/(pip|go-build)|\.nx)(\/|$)/;

describe('the shop, from deployment file to pushed images', { timeout: LIMIT }, () => {
  let scratch;
  let registry;
  let shop;
  let first;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'nixpack-e2e-'));
    registry = await startRegistry();
    shop = new Workspace({
      directory: join(scratch, 'a', 'shop'),
      store: join(scratch, 'a', 'store'),
      registry: registry.address,
    });
    first = await shop.demo();
  });

  after(async () => {
    await registry?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const unpacked = async (name, inspect, options = {}) =>
    runImage(`${registry.address}/shop/${name}@${shop.image(name).digest}`, {
      ...options,
      inspect,
    });

  test('writes what others rely on', () => {
    assert.deepEqual(
      first.components.map(({ name, provider }) => [name, provider]),
      [
        ['api', 'node'],
        ['worker', 'go'],
        ['tools', 'python'],
        ['web', 'staticfile'],
      ],
    );
    for (const component of first.components) {
      assert.match(component.digest, /^sha256:[0-9a-f]{64}$/);
      assert.equal(
        component.reference,
        `${registry.address}/shop/${component.name}@${component.digest}`,
      );
      assert.ok(component.size > 0 && component.packages > 0);
      assert.deepEqual(component.cache, { build: 'miss', sbom: 'miss' });
    }
  });

  for (const name of COMPONENTS)
    test(`${name} starts as its default user, holds only what belongs to it, and its SBOM lists what is installed`, async () => {
      const found = {};
      const result = await unpacked(name, async (root) => {
        found.paths = listFiles(root);
        found.installed = await installedPackages(root);
      });
      assert.deepEqual(result.user, { uid: 65532, gid: 65532 });
      if (SERVERS.has(name)) assert.equal(result.status, 200, result.output);
      else assert.equal(result.exitCode, 0, result.output);
      if (!SERVERS.has(name)) assert.match(result.output, new RegExp(name));
      const foreign = found.paths.filter((path) => NEVER.test(path) || FOREIGN[name].test(path));
      assert.deepEqual(foreign, []);
      assert.deepEqual(
        sbomPackages(json(shop.outputs(name, 'sbom', 'sbom.cdx.json'))),
        found.installed,
      );
    });

  test('writes a second document where both formats are asked for, valid for the tools of the SPDX project', async () => {
    const path = shop.outputs('api', 'sbom', 'sbom.spdx.json');
    const validate = await spdxValidators();
    assert.deepEqual(await validate(path), []);
    const other = json(shop.outputs('api', 'sbom', 'sbom.cdx.json'));
    assert.deepEqual(spdxPackages(json(path)), sbomPackages(other));
    for (const name of ['worker', 'tools', 'web'])
      assert.equal(existsSync(shop.outputs(name, 'sbom', 'sbom.spdx.json')), false, name);
  });

  test('a document that breaks a rule is refused by both of them', async () => {
    const broken = json(shop.outputs('api', 'sbom', 'sbom.spdx.json'));
    broken.packages[0].licenseDeclared = 'No-Such-License';
    const path = join(scratch, 'broken.spdx.json');
    writeFileSync(path, JSON.stringify(broken));
    assert.equal((await (await spdxValidators())(path)).length, 2);
  });

  test('runs in place again: every build and SBOM is a hit, nothing is uploaded', async () => {
    const again = await shop.demo();
    for (const component of again.components)
      assert.deepEqual(component.cache, { build: 'hit', sbom: 'hit' });
    assert.equal([...again.output.matchAll(/blobs: 0 uploaded/g)].length, COMPONENTS.length);
  });

  test('gives the same digests and SBOMs in another directory, umask, zone, locale and an empty store', async () => {
    const other = new Workspace({
      directory: join(scratch, 'another place', 'copy'),
      store: join(scratch, 'b-store'),
      registry: registry.address,
    });
    const env = { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    await other.demo({ env, prefix: ['sh', '-c', 'umask 077; exec "$@"', 'sh'] });
    assert.deepEqual(other.digests(), shop.digests());
    const documents = [
      ...COMPONENTS.map((name) => [name, 'sbom.cdx.json']),
      ['api', 'sbom.spdx.json'],
    ];
    for (const [name, file] of documents)
      assert.ok(
        readFileSync(other.outputs(name, 'sbom', file)).equals(
          readFileSync(shop.outputs(name, 'sbom', file)),
        ),
        `${file} of ${name}`,
      );
  });

  const OFFLINE = { prefix: ['unshare', '-n'] };
  const builds = async (args = ['run-many', '-t', 'build-image'], options = {}) => {
    await shop.nxSucceeds(args, options);
    const run = shop.lastRun();
    return COMPONENTS.filter((name) => run[`${name}:build-image`] === 'miss');
  };

  test('an edited line of api rebuilds its application layer alone, without network', async () => {
    const before = shop.image('api');
    const undo = shop.edit('services/api/src/main.ts', (text) =>
      text.replace("status: 'ok'", "status: 'fine'"),
    );
    await shop.nxSucceeds(['run', 'api:build-image'], OFFLINE);
    const changed = shop
      .image('api')
      .layers.filter((layer) => !before.layers.some(({ digest }) => digest === layer.digest));
    assert.deepEqual(
      changed.map(({ name }) => name),
      ['application'],
    );
    const affected = JSON.parse(
      await shop.nxSucceeds([
        'show',
        'projects',
        '--affected',
        '--withTarget',
        'build-image',
        '--files',
        'services/api/src/main.ts',
        '--json',
      ]),
    );
    assert.ok(affected.includes('api'));
    undo();
  });

  test('an edited library rebuilds api alone', async () => {
    const undo = shop.edit('libs/greeting/src/index.ts', (text) => text.replace('Hallo', 'Servus'));
    const affected = JSON.parse(
      await shop.nxSucceeds([
        'show',
        'projects',
        '--affected',
        '--withTarget',
        'build-image',
        '--files',
        'libs/greeting/src/index.ts',
        '--json',
      ]),
    );
    assert.ok(affected.includes('api'));
    assert.deepEqual(await builds(), ['api']);
    undo();
  });

  test('an edit of web, a dependency that api does not use, a comment: api is not rebuilt', async () => {
    await builds();
    const undo = [
      shop.edit('services/web/public/index.html', (text) => `${text}<!-- edited -->\n`),
    ];
    assert.deepEqual(await builds(), ['web']);
    undo.push(shop.edit('package-lock.json', bumpPrettier));
    assert.deepEqual(await builds(), []);
    undo.push(shop.edit('deployments/shop.yaml', (text) => `# a comment\n${text}`));
    assert.deepEqual(await builds(), []);
    for (const back of undo) back();
  });

  test('chmod +x rebuilds its image, and so does one variable, and nothing else', async () => {
    await builds();
    const main = shop.path('services/tools/main.py');
    chmodSync(main, 0o755);
    assert.deepEqual(await builds(), ['tools']);
    chmodSync(main, 0o644);
    const undo = shop.edit('deployments/shop.yaml', (text) =>
      text.replace('LOG_LEVEL: info', 'LOG_LEVEL: debug'),
    );
    assert.deepEqual(await builds(), ['api']);
    undo();
  });

  test('a new commit rebuilds nothing and pushes only its tag', async () => {
    await builds();
    const digests = shop.digests();
    await shop.git('commit', '-q', '--allow-empty', '-m', 'another');
    const output = await shop.nxSucceeds(['run-many', '-t', 'push-image', '--output-style=stream']);
    assert.deepEqual(shop.digests(), digests);
    const run = shop.lastRun();
    for (const name of COMPONENTS) assert.equal(run[`${name}:build-image`], 'hit');
    assert.equal([...output.matchAll(/blobs: 0 uploaded/g)].length, COMPONENTS.length);
  });

  test('api is at most 15 % of what it is with the whole workspace', async () => {
    const small = await appSize('api');
    const undo = shop.edit('deployments/shop.yaml', (text) =>
      text
        .replace('source: ./services/api', 'source: ./services/api\n          workspace: whole')
        .replace('toolchain: base', 'toolchain: base\n            dev_dependencies: keep'),
    );
    await shop.nxSucceeds(['run', 'api:push-image']);
    const whole = await appSize('api');
    undo();
    assert.ok(small <= whole * 0.15, `${small} of ${whole} bytes`);
  });

  const appSize = async (name) =>
    (await unpacked(name, (root) => sizeOf(join(root, 'app')))).inspected;

  test('two runs that build, catalog and push one image at once end with the same digest', async () => {
    await builds();
    const digests = shop.digests();
    const push = ['run', 'tools:push-image', '--skip-nx-cache', '--output-style=stream'];
    const outputs = await Promise.all([shop.nxSucceeds(push), shop.nxSucceeds(push)]);
    for (const output of outputs) assert.match(output, new RegExp(`@${digests.tools}`));
    assert.deepEqual(shop.digests(), digests);
    assert.deepEqual(temporaryFiles(shop.outputs('tools')), []);
  });

  test('what was tampered with in the cache of Nx is refused or made anew, never pushed', async () => {
    const kept = Object.fromEntries(
      ['good', 'other', 'older'].map((name) => [name, join(scratch, 'kept', name)]),
    );
    const push = ['run', 'tools:push-image', '--output-style=stream'];
    await shop.nxSucceeds(['run', 'api:push-image']);
    new CacheEntries(shop, 'api').keep(kept.other);
    const undo = shop.edit('services/tools/main.py', (text) => `${text}# older\n`);
    await shop.nxSucceeds(push);
    new CacheEntries(shop, 'tools').keep(kept.older);
    undo();
    await shop.nxSucceeds(push);
    const { digest } = shop.image('tools');
    const entries = new CacheEntries(shop, 'tools');
    entries.keep(kept.good);
    const counts = {};
    for (const one of tamperedCases()) {
      const tampered = entries.tamper(one, kept);
      const ending = tamperedEnding(shop, await shop.nx(push), digest);
      counts[ending] = (counts[ending] ?? 0) + 1;
      if (tampered) assert.match(ending, /^(refused|made anew)$/, one.join(' '));
      entries.restore(kept.good);
    }
    console.log(JSON.stringify(counts));
    assert.match(await shop.nxSucceeds(push), new RegExp(`@${digest}`));
  });

  test('killed at ten moments: nothing is left running or mounted, and the next run gives the same digest', async () => {
    await builds();
    const wanted = shop.image('api').digest;
    const store = shop.store;
    for (let moment = 0; moment < 10; moment += 1) {
      shop.store = join(scratch, 'killed', String(moment));
      rmSync(shop.outputs('api', 'image'), { recursive: true, force: true });
      await killedBuild(shop, 100 + moment * 700, moment % 2 === 0);
      await ended(() => buildProcesses(shop.store));
      assert.deepEqual(mountsBelow(shop.store), []);
      assert.ok(!existsSync(shop.outputs('api', 'image')), 'the build went on to its end');
      // What the killed build left is used again, without cleaning.
      await shop.nxSucceeds(['run', 'api:build-image', '--skip-nx-cache']);
      assert.equal(shop.image('api').digest, wanted);
      assert.deepEqual(temporaryFiles(shop.outputs('api')), []);
    }
    shop.store = store;
  });
});

/** How a run ended that met a cache entry which was tampered with. */
function tamperedEnding(shop, { code, output }, digest) {
  if (code !== 0)
    return /CACHE_RESULT_REJECTED/.test(output) && !/^\s+at /m.test(output)
      ? 'refused'
      : `uncoded: ${output}`;
  const run = shop.lastRun();
  const made = run['tools:build-image'] === 'miss' || run['tools:sbom'] === 'miss';
  return made && output.includes(`@${digest}`) ? 'made anew' : 'accepted';
}

/** Nx's own graph workers outlive a killed Nx for a while; they are no part of a build. */
const buildProcesses = (store) =>
  processesOf(store)
    .map(({ line }) => line)
    .filter(
      (line) => !line.includes('/nx/dist/src/project-graph/plugins/isolation/plugin-worker.js'),
    );

/** Waits for processes to end, which takes moments, or many on a busy machine. */
async function ended(processes) {
  const deadline = Date.now() + 2 * MINUTES;
  while (processes().length > 0 && Date.now() < deadline) await wait(100);
  assert.deepEqual(processes(), []);
}

/** Starts a build and kills Nx, or the executor's process, with SIGKILL a while after the build began. */
async function killedBuild(shop, milliseconds, nx) {
  let child;
  let began;
  const beginning = new Promise((done) => (began = done));
  const running = shop.nx(['run', 'api:build-image', '--skip-nx-cache', '--output-style=stream'], {
    start: (started) => {
      child = started;
      child.stdout.on('data', (text) => String(text).includes('engine embedded') && began());
    },
  });
  await Promise.race([running, beginning]);
  await Promise.race([running, wait(milliseconds)]);
  const executors = processesOf(shop.directory).filter(({ line }) => line.includes('run-executor'));
  const victims = nx ? [child.pid] : executors.map(({ pid }) => Number(pid));
  assert.ok(victims.length > 0, 'the build had ended before it could be killed');
  for (const pid of victims) kill(pid);
  await running;
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it had ended already
  }
}

/** Another version of a package that only the workspace's own tools use. */
function bumpPrettier(text) {
  const lock = JSON.parse(text);
  lock.packages['node_modules/prettier'].version = '3.10.0';
  lock.packages['node_modules/prettier'].integrity = `sha512-${'A'.repeat(86)}==`;
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** Paths below a root, links not followed: an absolute one would lead to this machine's files. */
function listFiles(root, directory = '') {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    return entry.isDirectory() ? [path, ...listFiles(root, path)] : [path];
  });
}

function sizeOf(root) {
  return listFiles(root).reduce((sum, path) => {
    const { size } = lstatSync(join(root, path));
    return sum + size;
  }, 0);
}

const temporaryFiles = (directory) =>
  (existsSync(directory) ? listFiles(directory) : []).filter((name) => /\.tmp/.test(name));
