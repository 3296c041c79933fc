// What the wall around build steps costs: the same builds with the engine of this checkout and of another one, in turns.
//   node tools/bench/wall.mjs --before=CHECKOUT [--runs=3] [--only=npm,apt,many]
// Both checkouts must be built, and this one have its base images. The base is unpacked before anything is measured.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../root.mjs';

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: 'npm,apt,many' },
  },
});
if (values.before === undefined)
  throw new Error('--before=CHECKOUT names the checkout to compare with');

const NPM = [
  '@babel/preset-env',
  'eslint',
  'express',
  'jest',
  'react-dom',
  'typescript',
  'webpack',
  'webpack-cli',
];
const APT = 'build-essential git curl python3 perl imagemagick';

const scratch = mkdtempSync(join(tmpdir(), 'bench-wall-'));
const checkouts = { before: values.before, after: root };

const WORKLOADS = {
  npm: () => ({ base: 'node-build', source: npmProject(), command: 'npm ci --ignore-scripts' }),
  apt: () => ({
    base: 'python',
    source: emptyFolder(),
    command: `apt-get update -q && apt-get install -q -y --no-install-recommends ${APT}`,
  }),
  // Where the setup of a step weighs most: it does nothing.
  many: () => ({ base: 'static', source: emptyFolder(), command: ':' }),
};

try {
  for (const name of values.only.split(',')) compare(name, WORKLOADS[name]());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function compare(name, { base, source, command }) {
  const layout = join(root, 'dist/base-images', base);
  const stores = Object.fromEntries(
    Object.keys(checkouts).map((side) => [side, join(scratch, `${name}-${side}`)]),
  );
  for (const side of Object.keys(checkouts)) once(side, layout, stores[side], source, ':');
  const taken = { before: [], after: [] };
  const digests = { before: new Set(), after: new Set() };
  for (let run = 0; run < Number(values.runs); run += 1)
    for (const side of ['before', 'after']) {
      // A comment of its own, because a step that is in the store does not run again.
      const { step, digest } = once(side, layout, stores[side], source, `${command} # ${run}`);
      taken[side].push(step);
      digests[side].add(digest);
    }
  const [before, after] = [median(taken.before), median(taken.after)];
  const same = [...digests.before].join() === [...digests.after].join();
  console.log(
    `${name.padEnd(6)} before ${before.toFixed(2)} s, after ${after.toFixed(2)} s: ${(after / before).toFixed(2)}x; digests ${same ? 'equal' : 'differ'}`,
  );
}

function once(side, layout, store, source, command) {
  const script = join(root, 'tools/bench/wall-once.mjs');
  const args = [script, checkouts[side], layout, store, source, command];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${side}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

function npmProject() {
  const directory = emptyFolder();
  const dependencies = Object.fromEntries(NPM.map((name) => [name, '*']));
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'bench', version: '1.0.0', dependencies }),
  );
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
    cwd: directory,
    stdio: 'ignore',
  });
  const { packages } = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'));
  console.log(`npm    ${Object.keys(packages).length - 1} packages`);
  return directory;
}

function emptyFolder() {
  const directory = mkdtempSync(join(scratch, 'source-'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'file'), 'content\n');
  return directory;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
