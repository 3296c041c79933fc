#!/usr/bin/env node
/**
 * Runs every check of the project on a fresh clone: installs, prepares the machine, then lint, canaries, unit specs on each
 * supported Node, conformance, machine specs and e2e. Ends with `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installDependencies } from './install.mjs';
import { root } from './root.mjs';

const HELP = `Usage: npm test -- [--only NAME[,NAME]] [--list]

  --only   run only these checks (setup and build always run unless --no-setup)
  --no-setup  use what is installed and built
  --list   print the checks and stop
`;

const node = process.execPath;
const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const nx = (...args) => [node, join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run', ...args];
const unitOn = (name) => [
  join('tools', 'node-versions', 'node_modules', name, 'bin', 'node'),
  jest,
];
/** More cases, which lie beside the checkout where they are to be had. Those of the repository are always checked. */
const MORE_PLANS = resolve(root, process.env.NIXPACKS_CASES ?? '../shared/conformance/plans');
const MORE_DEPLOYMENTS = resolve(
  root,
  process.env.DEPLOYMENT_CASES ?? '../shared/cases/deployment',
);
const further = (directory, check) => (existsSync(directory) ? [check] : []);

const CHECKS = [
  { name: 'format', command: nx('workspace:format-check') },
  { name: 'lint', command: nx('workspace:lint') },
  {
    name: 'types',
    command: [node, join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'],
  },
  { name: 'docs', command: nx('workspace:docs-check') },
  { name: 'canaries', command: nx('workspace:lint-canaries') },
  {
    name: 'tools',
    command: [
      node,
      '--test',
      'tools/base-images/',
      'tools/packages/',
      'tools/setup/',
      'tools/words/',
    ],
  },
  { name: 'unit', command: [node, jest] },
  { name: 'unit on Node 22', command: unitOn('node22') },
  { name: 'unit on Node 24', command: unitOn('node24') },
  { name: 'conformance', command: nx('plan:conformance') },
  ...further(MORE_PLANS, {
    name: 'more conformance',
    command: nx('plan:conformance', `--cases=${MORE_PLANS}`),
  }),
  { name: 'deployment cases', command: [node, 'tools/deployment-cases.mjs'] },
  ...further(MORE_DEPLOYMENTS, {
    name: 'more deployments',
    command: [node, 'tools/deployment-cases.mjs', MORE_DEPLOYMENTS],
  }),
  { name: 'machine', command: nx('workspace:machine') },
  { name: 'attacks', command: [node, 'tools/attack/run.mjs'] },
  { name: 'e2e', command: [node, '--test', 'e2e/'] },
];

/** What node:test calls the counts. */
const NODE_WORDS = { pass: 'passed', fail: 'failed', skipped: 'skipped', todo: 'skipped' };

const options = readOptions(process.argv.slice(2));
const environment = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' };
await main();

async function main() {
  if (options.setup) await prepare();
  const results = [];
  for (const check of CHECKS.filter(({ name }) => options.only?.includes(name) ?? true))
    results.push(await run(check));
  summarize(results);
}

async function prepare() {
  await installDependencies();
  await installDependencies('tools/node-versions');
  const setup = await stream('setup', [node, 'tools/setup.mjs']);
  const build = setup.code === 0 ? await stream('build', nx('workspace:build')) : setup;
  if (build.code !== 0) {
    console.log('\n0 passed, 1 failed');
    process.exit(1);
  }
}

async function run(check) {
  const started = Date.now();
  const { code, output } = await stream(check.name, check.command);
  const seconds = Math.round((Date.now() - started) / 1000);
  return { ...check, ...count(output, code), seconds };
}

/** How many tests a runner says it ran and left out; a check without such a line counts as one. */
function count(output, code) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const line of output.split('\n'))
    for (const [what, number] of countsIn(line)) totals[what] += Number(number);
  if (totals.passed + totals.failed === 0) totals.passed = code === 0 ? 1 : 0;
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  return totals;
}

/** `[passed | failed | skipped, number]` of one line of Jest, node:test, or a runner of ours (`N passed, N failed`, `N/M`). */
function countsIn(line) {
  const ours = /^(\d+) passed, (\d+) failed/.exec(line);
  const nodeTest = /^(?:#|ℹ) (pass|fail|skipped|todo) (\d+)$/.exec(line);
  const share = /^(\d+)\/(\d+)$/.exec(line.trim());
  if (/^Tests: .* total/.test(line))
    return [...line.matchAll(/(\d+) (passed|failed|skipped|todo)/g)].map(([, number, what]) => [
      what === 'todo' ? 'skipped' : what,
      number,
    ]);
  if (nodeTest) return [[NODE_WORDS[nodeTest[1]], nodeTest[2]]];
  if (ours)
    return [
      ['passed', ours[1]],
      ['failed', ours[2]],
    ];
  if (share)
    return [
      ['passed', share[1]],
      ['failed', share[2] - share[1]],
    ];
  return [];
}

function stream(name, [file, ...args]) {
  console.log(`\n=== ${name}`);
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const source of [child.stdout, child.stderr])
      source.on('data', (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

/** What is left out proves nothing: it fails the run as a failed test does. */
function summarize(results) {
  console.log('\n=== summary');
  for (const { name, passed, failed, skipped, seconds } of results)
    console.log(
      `${name.padEnd(18)} ${passed} ok, ${failed} not ok, ${skipped} left out, ${seconds} s`,
    );
  const total = (what) => results.reduce((sum, result) => sum + result[what], 0);
  console.log(
    `\n${total('skipped')} skipped\n${total('passed')} passed, ${total('failed')} failed`,
  );
  process.exitCode = total('failed') === 0 && total('skipped') === 0 && total('passed') > 0 ? 0 : 1;
}

function readOptions(args) {
  const result = { setup: true, only: undefined };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--only') result.only = args[(at += 1)]?.split(',');
    else if (args[at] === '--no-setup') result.setup = false;
    else if (args[at] === '--list') stop(CHECKS.map(({ name }) => name).join('\n'), 0);
    else stop(HELP, args[at] === '--help' ? 0 : 2);
  }
  return result;
}

function stop(text, code) {
  console.log(text);
  process.exit(code);
}
