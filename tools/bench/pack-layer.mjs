// Packing a directory into a layer, against tar, gzip and sha256sum in a pipe.
//   node tools/bench/pack-layer.mjs [DIRECTORY] [--runs=N] [--scratch=DIRECTORY]
// Both are run alternately and the best of each is taken. The scratch directory is left to the caller to delete,
// because deleting makes the file system slow for the runs that follow.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
const directory = resolve(positionals[0] ?? join(here, '../../node_modules'));
const scratch = mkdtempSync(join(values.scratch, 'bench-pack-'));

const PIPE =
  'tar --sort=name --mtime=@0 --numeric-owner --format=posix --pax-option=delete=atime,delete=ctime -C "$1" -cf - .';
const CONTESTANTS = {
  'packLayer (tar, two digests, gzip 6, fsync)': () => [
    process.execPath,
    join(here, 'pack-once.mjs'),
    directory,
    join(scratch, `store-${Math.random()}`),
  ],
  'tar | gzip -6 | sha256sum': () => [
    'bash',
    '-c',
    `${PIPE} | gzip -6 | sha256sum`,
    'bash',
    directory,
  ],
  'tar | tee >(sha256sum) | gzip -6 | tee FILE | sha256sum': () => [
    'bash',
    '-c',
    `${PIPE} | tee >(sha256sum >&2) | gzip -6 | tee "$2" | sha256sum`,
    'bash',
    directory,
    join(scratch, `layer-${Math.random()}`),
  ],
  'tar | sha256sum': () => ['bash', '-c', `${PIPE} | sha256sum`, 'bash', directory],
};

/** Wall and processor seconds of a command with all its children, as bash's `time` reports them. */
function measure(command) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const output = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', ...command], {
    encoding: 'utf8',
  });
  const lines = output.trim().split('\n');
  const [wall, user, system] = lines.at(-1).split(' ').map(Number);
  const report = lines.find((line) => line.startsWith('{'));
  return { wall, cpu: user + system, ...(report === undefined ? {} : JSON.parse(report)) };
}

const best = new Map();
for (let run = 0; run < Number(values.runs); run++)
  for (const [name, command] of Object.entries(CONTESTANTS)) {
    const result = measure(command());
    const known = best.get(name);
    if (known === undefined || result.wall < known.wall) best.set(name, result);
  }

const [ours] = best.values();
console.log(`${directory}, best of ${values.runs}`);
console.table(
  [...best].map(([name, { wall, cpu, megabytes }]) => ({
    name,
    'wall s': wall,
    'cpu s': Number(cpu.toFixed(2)),
    'wall / ours': Number((wall / ours.wall).toFixed(2)),
    'cpu / ours': Number((cpu / ours.cpu).toFixed(2)),
    'peak MB': megabytes ?? '',
  })),
);
console.log(`layer: ${ours.size} bytes, ${ours.digest}`);
