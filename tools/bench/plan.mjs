// Planning, against the nixpacks program in the same run.
//   node tools/bench/plan.mjs --cases=DIR [--nixpacks=PROGRAM] [--runs=N]
// One project from a cold process (what of it is Node's own start is shown beside it), and all cases: ours in one
// process, one run of the program each. Every side reads the sources from disk.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    nixpacks: { type: 'string', default: 'nixpacks' },
    runs: { type: 'string', default: '10' },
  },
});
if (values.cases === undefined) throw new Error('give the folder of recorded cases: --cases=DIR');
const ONCE = join(dirname(fileURLToPath(import.meta.url)), 'plan-once.mjs');
const runs = Number(values.runs);
const scratch = mkdtempSync(join(tmpdir(), 'bench-plan-'));

/** Wall and CPU milliseconds and peak megabytes of a command; the best of several runs. */
function measured(command, args, times = runs) {
  const results = Array.from({ length: times }, () => measuredOnce(command, args));
  const best = (key) => Math.min(...results.map((each) => each[key]));
  return { wall: best('wall'), cpu: best('cpu'), peak: best('peak') };
}

function measuredOnce(command, args) {
  const started = process.hrtime.bigint();
  const run = spawnSync('/usr/bin/time', ['-f', '%U %S %M', command, ...args], {
    encoding: 'utf8',
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e6;
  const [user, system, peak] = run.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: (user + system) * 1000, peak: peak / 1024 };
}

function materialize() {
  return readdirSync(values.cases).map((name) => {
    const { files } = JSON.parse(readFileSync(join(values.cases, name), 'utf8'));
    const root = join(scratch, name.replace('.json', ''));
    mkdirSync(root);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text ?? '');
    }
    return root;
  });
}

const row = (name, { wall, cpu, peak }) =>
  console.log(
    `${name.padEnd(42)} ${wall.toFixed(0).padStart(6)} ms ${cpu.toFixed(0).padStart(6)} ms CPU ${peak.toFixed(0).padStart(5)} MB`,
  );

try {
  const roots = materialize();
  const one = roots.find((root) => root.endsWith('example-node-npm')) ?? roots[0];
  row('Node alone', measured(process.execPath, ['-e', '0']));
  row('ours, one project, cold', measured(process.execPath, [ONCE, one]));
  row('nixpacks, one project, cold', measured(values.nixpacks, ['plan', one]));
  row(
    `ours, ${roots.length} projects, one process`,
    measured(process.execPath, [ONCE, ...roots], 3),
  );
  const each = 'program="$1"; shift; for root; do "$program" plan "$root" > /dev/null 2>&1; done';
  row(
    `nixpacks, ${roots.length} projects, one run each`,
    measured('bash', ['-c', each, 'bash', values.nixpacks, ...roots], 3),
  );
} finally {
  rmSync(scratch, { recursive: true });
}
