import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startRegistry } from '../tools/setup/registry.mjs';
import { root } from '../tools/root.mjs';
import { buildWithBuildah } from './support/buildah.mjs';
import { CanaryWorkspace } from './support/canary-workspace.mjs';
import { ClosedServer } from './support/closed-server.mjs';
import { sampleProcesses } from './support/process-sampler.mjs';
import { Scratch } from './support/scratch.mjs';
import { filesWith, formsOf, hitsIn } from './support/search.mjs';

/** Hours: what never ends shall end, what is slow shall not. */
const LIMIT = 5 * 3_600_000;
const USER = 'builder';
const require = createRequire(join(root, 'package.json'));

describe('a secret is in none of 14 places where it could leak', { timeout: LIMIT }, () => {
  const secret = randomBytes(32).toString('base64');
  const forms = formsOf(secret);
  let scratch;
  let server;
  let registry;

  before(async () => {
    scratch = new Scratch('nixpack-canary-');
    const path = (name) => join(scratch.directory, name);
    server = await ClosedServer.start({ user: USER, password: secret, directory: path('') });
    writeFileSync(path('htpasswd'), `${USER}:${require('bcryptjs').hashSync(secret, 4)}\n`);
    registry = await startRegistry({ storage: path('registry'), htpasswd: path('htpasswd') });
    mkdirSync(path('docker'));
    const auth = Buffer.from(`${USER}:${secret}`).toString('base64');
    const config = { auths: { [registry.address]: { auth } } };
    writeFileSync(path('docker/config.json'), JSON.stringify(config), { mode: 0o600 });
  });

  after(async () => {
    server?.stop();
    await registry?.stop();
    scratch?.remove();
  });

  /** Files below the given places in which the secret is. */
  const found = (...places) => places.flatMap((place) => filesWith(place, forms));

  /** Of this machine's temporary directory, what was not there before. */
  const newTemporary = (known) =>
    readdirSync(tmpdir())
      .filter((name) => !known.has(name) && !scratch.directory.endsWith(name))
      .flatMap((name) => searched(join(tmpdir(), name)));

  /** Others work in that directory too, and may take away what we look at. */
  const searched = (path) => {
    try {
      return statSync(path).isDirectory() ? found(path) : filesWithOne(path);
    } catch {
      return [];
    }
  };
  const filesWithOne = (path) => (hitsIn(readFileSync(path), forms) > 0 ? [path] : []);

  test('of our build', async () => {
    const known = new Set(readdirSync(tmpdir()));
    const workspace = new CanaryWorkspace({
      directory: join(scratch.directory, 'workspace'),
      secret,
      npm: `${server.http}/npm`,
      ports: server.ports,
      registry: registry.address,
      dockerConfig: join(scratch.directory, 'docker'),
    });
    await workspace.commit();
    const sampler = sampleProcesses(forms);
    const runs = [];
    for (const args of [
      ['run', 'app:push-image'],
      ['run', 'broken:build-image'],
      ['run', 'leaky:plan-image'],
      ['run', 'app:plan-image', '--explain'],
    ])
      runs.push(await workspace.nx(args, { start: scratch.watch }));
    const processes = await sampler.stop();
    const output = runs.map((run) => run.output).join('\n');
    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 1, 1, 0],
      output,
    );
    assert.match(output, /the variable \*\*\*/);
    assert.match(output, /leaky\/\.npmrc:1:1 SOURCE_CREDENTIALS/);
    const { directory } = workspace;
    const outputs = (name) => join(directory, 'dist', 'nixpack', 'canary', 'nixpack', 'app', name);
    const oci = join(outputs('image'), 'oci');
    const sinks = {
      ...imageSinks(oci, found),
      SBOM: found(outputs('sbom')),
      'plan and its records': found(outputs('plan')),
      'records of build and push': found(join(directory, 'dist')),
      'output of nx': hitsIn(output, forms),
      'log files': found(workspace.beside('home'), ...logsBelow(directory)),
      "Nx's cache": found(workspace.path('.nx', 'cache')),
      "Nx's workspace data": found(workspace.path('.nx', 'workspace-data')),
      'our store': found(workspace.beside('store')),
      'temporary files': [...found(workspace.beside('tmp')), ...newTemporary(known)],
      "the registry's storage": found(join(scratch.directory, 'registry')),
      'process list': [...processes.lines, ...processes.environments.filter((line) => !isNx(line))],
    };
    report('nx-nixpack', sinks, processes);
    assert.equal(Object.keys(sinks).length, 14);
    assert.ok(processes.samples > 20, `${processes.samples} samples`);
    // The step that asked for it has it, which shows that the sampler sees what there is, and what set it up has not.
    assert.ok(processes.sandboxed.some((line) => line.startsWith('/bin/bash')));
    for (const line of processes.sandboxed)
      assert.doesNotMatch(line, /^(setpriv|unshare|nsenter|perl|mount|ip|slirp4netns|pasta)\b/);
    assert.deepEqual(leaks(sinks), []);
  });

  test('and the same search finds it in more than three after a build with a generated Dockerfile', async () => {
    const known = new Set(readdirSync(tmpdir()));
    const sampler = sampleProcesses(forms);
    const built = await buildWithBuildah({
      directory: join(scratch.directory, 'buildah'),
      secret,
      npm: `${server.http}/npm`,
      registry: registry.address,
      authfile: join(scratch.directory, 'docker', 'config.json'),
    });
    const processes = await sampler.stop();
    const sinks = {
      ...imageSinks(built.oci, found),
      'output of buildah': hitsIn(built.output, forms),
      'its storage': found(built.storage),
      'temporary files': [...found(built.temporary), ...newTemporary(known)],
      "the registry's storage": found(join(scratch.directory, 'registry')),
      'process list': [...processes.lines, ...processes.environments],
    };
    report('nixpacks-style Dockerfile, buildah', sinks, processes);
    assert.ok(leaks(sinks).length > 3, String(leaks(sinks)));
  });
});

/** Nx itself, which was given the environment, and the processes that it forks for its plugins and tasks. */
const isNx = (line) => /\/node_modules\/nx\/|nx\/dist\/|^\S*node .*run-executor/.test(line);

/** Layers, configuration with labels and history, and the manifest with its annotations, each by itself. */
function imageSinks(oci, found) {
  const hits = found(oci);
  const blob = (digest) => join(oci, 'blobs', ...digest.split(':'));
  const parse = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const [{ digest }] = parse(join(oci, 'index.json')).manifests;
  const { config, layers } = parse(blob(digest));
  const paths = layers.map((layer) => blob(layer.digest));
  return {
    layers: hits.filter((path) => paths.includes(path)),
    'configuration, labels, history': hits.filter((path) => path === blob(config.digest)),
    'manifest and annotations': hits.filter(
      (path) => path === blob(digest) || path.endsWith('index.json'),
    ),
  };
}

function logsBelow(directory) {
  const names = readdirSync(join(directory, '.nx', 'workspace-data'));
  return names
    .filter((name) => /\.log$|^d$/.test(name))
    .map((name) => join(directory, '.nx', 'workspace-data', name));
}

const count = (hits) => (typeof hits === 'number' ? hits : new Set(hits).size);
const leaks = (sinks) => Object.keys(sinks).filter((name) => count(sinks[name]) > 0);

function report(title, sinks, { samples, sandboxed }) {
  console.log(
    `${title}: ${leaks(sinks).length} of ${Object.keys(sinks).length} places hold the secret`,
  );
  for (const [name, hits] of Object.entries(sinks)) {
    console.log(`  ${name.padEnd(32)} ${count(hits)}`);
    if (Array.isArray(hits)) for (const hit of new Set(hits)) console.log(`    ${hit}`);
  }
  console.log(
    `  (${samples} samples of the process list, ${sandboxed.length} sandboxed programs had it)`,
  );
}
