import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TASKS = { plan: 'plan-image', build: 'build-image', sbom: 'sbom', push: 'push-image' };
const DEPLOYMENT = 'shop';
const COMPONENTS = ['api', 'worker', 'tools', 'web'];

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** What the tasks of the last run left, from their own records; times and cache hits as Nx saw them. */
export function collectResults(workspace) {
  const runs = existsSync(join(workspace, '.nx', 'cache', 'run.json'))
    ? json(join(workspace, '.nx', 'cache', 'run.json')).tasks
    : [];
  return { components: COMPONENTS.map((name) => component(workspace, name, runs)) };
}

function component(workspace, name, runs) {
  const directory = join(workspace, 'dist', 'nixpack', DEPLOYMENT, 'nixpack', name);
  const [image] = Object.values(json(join(directory, 'image', 'image.json')).platforms);
  const sbom = json(join(directory, 'sbom', 'sbom.cdx.json'));
  const push = json(join(directory, 'push', 'dev.json'));
  const tasks = Object.entries(TASKS).map(([short, target]) => [
    short,
    runs.find((task) => task.projectName === name && task.target === target),
  ]);
  return {
    name,
    provider: image.provider,
    digest: image.digest,
    reference: push.reference,
    size: image.size,
    packages: sbom.components.length,
    seconds: Object.fromEntries(tasks.map(([short, task]) => [short, task ? seconds(task) : 0])),
    cache: Object.fromEntries(
      tasks
        .filter(([short]) => ['build', 'sbom'].includes(short))
        .map(([short, task]) => [short, hit(task)]),
    ),
  };
}

const seconds = ({ startTime, endTime }) =>
  Math.round(new Date(endTime) - new Date(startTime)) / 1000;
const hit = (task) => (task?.cacheStatus?.includes('cache-hit') ? 'hit' : 'miss');

export function printResults({ components }, workspace) {
  const head = [
    'component',
    'provider',
    'size',
    'packages',
    'plan',
    'build',
    'sbom',
    'push',
    'digest',
  ];
  const rows = components.map((one) => [
    one.name,
    one.provider,
    `${(one.size / 1e6).toFixed(1)} MB`,
    String(one.packages),
    `${one.seconds.plan} s`,
    `${one.seconds.build} s${mark(one.cache.build)}`,
    `${one.seconds.sbom} s${mark(one.cache.sbom)}`,
    `${one.seconds.push} s`,
    one.digest,
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  console.log('');
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    );
  console.log(
    `\nThe working copy is ${workspace}: edit it and run the demo again with --workspace ${workspace}.`,
  );
}

const mark = (cache) => (cache === 'hit' ? ' (cached)' : '');
