import { parseArgs } from 'node:util';
import { main } from './setup/command.mjs';

const HELP = `Composes the base images of examples/shop from Debian packages and what registries ship.

  node tools/base-images.mjs [build] [NAME…] [--out DIR] [--locked] [--cache DIR]
  node tools/base-images.mjs lock [--cache DIR]

build   each image as an OCI layout <out>/<name> (default: dist/base-images), from tools/base-images/lock.json
        --locked  stop when a mirror no longer has a locked version; without it the current one is taken
lock    writes the versions that the mirrors and registries have now into the lock

Mirrors and registries are those that apt, npm and go are configured with. Needs root and what
"node tools/setup.mjs" installs. Downloads and finished layers are kept in the cache (~/.cache/nx-nixpack).
`;

const log = (line) => process.stderr.write(`${line}\n`);

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'dist/base-images' },
      cache: { type: 'string' },
      locked: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const lock = positionals[0] === 'lock';
  await (lock
    ? refresh(values)
    : build(
        values,
        positionals.filter((name) => name !== 'build'),
      ));
});

async function build({ out, cache, locked }, names) {
  const { buildBaseImages } = await import('./setup/base-images.mjs');
  const options = { out, locked, log, ...(cache && { cache }), ...(names.length > 0 && { names }) };
  for (const { name, digest, size, seconds } of await buildBaseImages(options))
    console.log(
      `${name.padEnd(12)} ${digest}  ${(size / 1e6).toFixed(1).padStart(6)} MB  ${seconds.toFixed(1).padStart(5)} s`,
    );
}

async function refresh({ cache }) {
  const { join } = await import('node:path');
  const { AptView } = await import('./base-images/apt-view.mjs');
  const { currentLock, differences, readLock, writeLock } = await import('./base-images/lock.mjs');
  const { userCache } = await import('./setup/cache.mjs');
  const folder = cache ?? userCache();
  const lock = await currentLock(await AptView.open(join(folder, 'apt')), folder);
  let before = { sets: {} };
  try {
    before = readLock();
  } catch {
    // the first one
  }
  writeLock(lock);
  for (const line of differences(before.sets, lock.sets)) console.log(line);
  for (const [name, { version }] of Object.entries({ ...lock.npm, ...lock.go }))
    console.log(`${name} ${version}`);
}
