// What the plugin adds to every Nx command: `nx show projects` in a workspace of 300 deployments, beside the same without it.
//   node tools/bench/inference.mjs [--deployments=300] [--runs=5] [--plugin=CHECKOUT] [--json=FILE]
// CHECKOUT has its packages built (npx nx run workspace:build) and lends its Nx. Rows: cold (no daemon, nothing remembered),
// warm (no daemon, Nx's own caches filled), daemon (running, nothing changed), edited (running, one deployment file changed).
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nxEnvironment } from '../demo/run-nx.mjs';
import { root } from '../root.mjs';
import { writeInferenceWorkspace } from './inference/workspace.mjs';

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '300' },
    runs: { type: 'string', default: '5' },
    plugin: { type: 'string', default: root },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'node tools/bench/inference.mjs [--deployments=300] [--runs=5] [--plugin=CHECKOUT] [--json=FILE]',
  );
  process.exit(0);
}
const deployments = Number(values.deployments);
const runs = Number(values.runs);
const checkout = resolve(values.plugin);
const scratch = mkdtempSync(join(tmpdir(), 'bench-inference-'));

class Bench {
  constructor(plugin) {
    this.plugin = plugin;
    this.directory = join(scratch, plugin ? 'with' : 'without', 'shop');
    writeInferenceWorkspace(this.directory, { deployments, plugin, checkout });
    this.#succeed('git', ['init', '-q', '-b', 'main']);
  }

  /** Milliseconds of one `nx show projects`. */
  #show(daemon) {
    const started = performance.now();
    const names = this.#nx(['show', 'projects', '--json'], daemon);
    const took = performance.now() - started;
    const components = JSON.parse(names).length;
    if (components < deployments) throw new Error(`only ${components} projects were found`);
    return took;
  }

  #nx(args, daemon) {
    const nx = join(this.directory, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
    return this.#succeed(process.execPath, [nx, ...args], {
      NX_DAEMON: String(daemon),
      NX_CACHE_DIRECTORY: join(this.directory, '.nx', 'cache'),
    });
  }

  #succeed(command, args, extra = {}) {
    const env = nxEnvironment(extra);
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.directory,
      env,
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`);
    return stdout;
  }

  #forget() {
    rmSync(join(this.directory, '.nx'), { recursive: true, force: true });
  }

  #edit(run) {
    appendFileSync(join(this.directory, 'deployments', 'service-000.yaml'), `# ${run}\n`);
  }

  /** One round of all rows, so that what the machine does besides falls on all alike. */
  round(run) {
    this.#forget();
    const cold = this.#show(false);
    const warm = this.#show(false);
    this.#show(true);
    const daemon = this.#show(true);
    this.#edit(run);
    const edited = this.#show(true);
    this.stop();
    return { cold, warm, daemon, edited };
  }

  stop() {
    this.#nx(['daemon', '--stop'], true);
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Medians by row. */
function summary(rounds) {
  const rows = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(rows.map((row) => [row, median(rounds.map((one) => one[row]))]));
}

try {
  const benches = [new Bench(false), new Bench(true)];
  const rounds = benches.map(() => []);
  try {
    for (let run = 0; run < runs; run++)
      for (const [at, bench] of benches.entries()) rounds[at].push(bench.round(run));
  } finally {
    for (const bench of benches) bench.stop();
  }
  const [without, withPlugin] = rounds.map(summary);
  console.log(`${deployments} deployments, median of ${runs}, milliseconds`);
  console.log(`${'nx show projects'.padEnd(18)} without    with  added  ratio`);
  for (const row of Object.keys(without)) {
    const cells = [without[row], withPlugin[row], withPlugin[row] - without[row]];
    const [alone, both, added] = cells.map((cell) => cell.toFixed(0));
    console.log(
      `${row.padEnd(18)} ${alone.padStart(7)} ${both.padStart(7)} ${added.padStart(6)} ${(withPlugin[row] / without[row]).toFixed(2).padStart(6)}`,
    );
  }
  if (values.json) writeFileSync(values.json, JSON.stringify({ deployments, rounds }));
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
}
