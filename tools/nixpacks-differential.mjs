// Plans random source trees with our planner and with the nixpacks program and compares the answers.
// The trees are mutations of the recorded cases; a seed makes a run repeatable.
// Usage: node tools/nixpacks-differential.mjs --cases=DIR [--nixpacks=PROGRAM] [--count=500] [--seed=N] [--only=TEXT]
// Needs `cargo install nixpacks --version 1.41.0 --locked`; without the program it says so and checks nothing.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const plan = require('../packages/plan/dist/index.js');
const { caseTree, differences } = require('../packages/testing/dist/index.js');
const { UserError } = require('../packages/base/dist/index.js');

const VERSION = 'nixpacks 1.41.0';
const NAME = 'app';

/** Small, fast and the same everywhere (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return { below, pick: (list) => list[below(list.length)], chance: (share) => next() < share };
}

function readCases(directory, only) {
  const names = readdirSync(directory).filter(
    (name) => name.endsWith('.json') && (!only || name.includes(only)),
  );
  return names.sort().map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}

/** Every text that a file of some name has in the cases, and every variable that is set. */
function poolOf(cases) {
  const files = cases.flatMap((each) => Object.entries(each.files));
  const byName = groupedByName(files);
  return { files, byName, env: [...new Set(cases.flatMap((each) => each.options?.env ?? []))] };
}

function groupedByName(files) {
  const groups = new Map();
  for (const file of files) {
    const name = file[0].slice(file[0].lastIndexOf('/') + 1);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

/** One tree: a case with a few random changes. */
function randomTree(random, cases, pool) {
  const base = random.pick(cases);
  const tree = {
    files: { ...base.files },
    env: [...(base.options?.env ?? [])],
    executable: base.executable ?? [],
  };
  if (random.chance(0.3)) Object.assign(tree.files, random.pick(cases).files);
  for (let changes = random.below(5); changes >= 0; changes--)
    random.pick(CHANGES)(random, tree, pool);
  return { ...tree, files: withoutConflicts(tree.files) };
}

const CHANGES = [
  (random, tree) => delete tree.files[random.pick(Object.keys(tree.files))],
  (random, tree, pool) => {
    const [path, text] = random.pick(pool.files);
    tree.files[path] = text;
  },
  (random, tree, pool) => {
    const path = random.pick(Object.keys(tree.files));
    if (path === undefined) return;
    const [, text] = random.pick(
      pool.byName.get(path.slice(path.lastIndexOf('/') + 1)) ?? [['', '']],
    );
    tree.files[path] = text;
  },
  (random, tree, pool) => tree.env.push(random.pick(pool.env)),
  (random, tree) => {
    const path = random.pick(Object.keys(tree.files));
    if (path !== undefined) tree.files[path] = changedText(random, tree.files[path] ?? '');
  },
];

/** The text with one token replaced, dropped or repeated. */
function changedText(random, text) {
  const tokens = text.match(/[\w.-]+|\s+|[^\w\s]/g) ?? [];
  const at = random.below(tokens.length);
  const made = [
    [],
    [tokens[at], tokens[at]],
    [random.pick(tokens)],
    [
      random.pick([
        'null',
        '1',
        '""',
        '[]',
        '{}',
        'true',
        '3.12',
        '*',
        '/',
        ' ',
        '\n',
        '\t',
        'x',
        '#',
        '~',
        '"',
        "'",
        '..',
        '^',
        '>=',
        '-',
      ]),
    ],
  ];
  return [
    ...tokens.slice(0, at),
    ...random.pick(made).filter((token) => token !== undefined),
    ...tokens.slice(at + 1),
  ].join('');
}

/** A path cannot be a file and a directory. */
function withoutConflicts(files) {
  const directories = new Set(Object.keys(files).flatMap((path) => parentsOf(path)));
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !directories.has(path) && path !== ''),
  );
}

const parentsOf = (path) =>
  path
    .split('/')
    .slice(0, -1)
    .map((_part, index, parts) => parts.slice(0, index + 1).join('/'));

function askNixpacks(program, tree) {
  const base = mkdtempSync(join(tmpdir(), 'nixpacks-differential-'));
  try {
    const root = join(base, NAME);
    mkdirSync(root);
    for (const [path, text] of Object.entries(tree.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text ?? '');
      if (tree.executable.includes(path)) chmodSync(join(root, path), 0o755);
    }
    const options = {
      encoding: 'utf8',
      env: { HOME: base, PATH: '/usr/bin:/bin' },
      timeout: 30_000,
    };
    const answer = spawnSync(
      program,
      ['plan', root, ...tree.env.flatMap((pair) => ['--env', pair])],
      options,
    );
    if (answer.status !== 0)
      return {
        error: answer.stderr.split('Stack backtrace')[0].trim(),
        crash: answer.status === 101,
      };
    return { plan: JSON.parse(answer.stdout) };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function askOurs(tree) {
  try {
    const source = plan.sourceTree(caseTree(tree), { name: NAME });
    return {
      plan: plan.generatePlan(source, { env: tree.env, conformance: true, extensions: false }).plan,
    };
  } catch (error) {
    if (!(error instanceof UserError)) return { bug: error.stack };
    return { error: error.message };
  }
}

/** What differs. Where nixpacks crashes, any clean answer is right; assets are compared by name. */
function compared(theirs, ours) {
  if (ours.bug) return [ours.bug];
  if (theirs.crash) return [];
  if (theirs.error !== undefined)
    return ours.error === undefined ? [`nixpacks fails: ${theirs.error}`] : [];
  if (ours.error !== undefined) return [`we fail: ${ours.error}`];
  return differences(comparable(ours.plan), comparable(theirs.plan));
}

function comparable(given) {
  const phases = Object.entries(given.phases ?? {}).map(([key, { name: _name, ...phase }]) => [
    key,
    phase,
  ]);
  const assets = Object.keys(given.staticAssets ?? {}).map((key) => [key, '']);
  return { ...given, phases: Object.fromEntries(phases), staticAssets: Object.fromEntries(assets) };
}

function installedVersion(program) {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    nixpacks: { type: 'string', default: 'nixpacks' },
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
if (values.cases === undefined) throw new Error('give the folder of recorded cases: --cases=DIR');
const version = installedVersion(values.nixpacks);
if (version !== VERSION) {
  console.log(
    `skipped: needs ${VERSION} (cargo install nixpacks --version 1.41.0 --locked), found ${version ?? 'none'}`,
  );
} else {
  const cases = readCases(values.cases, values.only);
  const pool = poolOf(cases);
  const count = Number(values.count);
  let equal = 0;
  for (let index = 0; index < count; index++) {
    const seed = Number(values.seed) * 1_000_003 + index;
    const tree = randomTree(randomFrom(seed), cases, pool);
    const found = compared(askNixpacks(values.nixpacks, tree), askOurs(tree));
    if (found.length === 0) equal += 1;
    else
      console.log(
        [`DIFFERS seed ${seed}`, ...found.slice(0, 4), JSON.stringify(tree).slice(0, 1500)].join(
          '\n  ',
        ),
      );
  }
  console.log(`seed ${values.seed}: ${equal}/${count} equal`);
  process.exitCode = equal === count ? 0 : 1;
}
