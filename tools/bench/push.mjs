// Pushing and pulling one large layer, against skopeo.
//   node tools/bench/push.mjs [--megabytes=300] [--runs=3] [--scratch=DIRECTORY]
// Every run has a docker-registry of its own, so that nothing is mounted from an earlier one. Both take turns and the best
// of each counts. skopeo reads and writes an OCI layout; we read that layout and write into a store, with fsync.
import { spawn } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { withRegistry } from '../setup/registry.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    runs: { type: 'string', default: '3' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
const MEGABYTE = 1024 * 1024;
const scratch = mkdtempSync(join(values.scratch, 'bench-push-'));
const layout = join(scratch, 'layout');
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A layer of one file with random content: it neither compresses nor repeats. */
async function writeLayout(megabytes) {
  const blobs = join(layout, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (bytes) => writeFileSync(join(blobs, digestOf(bytes).slice(7)), bytes);
  const [diff, packed] = [createHash('sha256'), createHash('sha256')];
  const temporary = join(scratch, 'layer');
  let size = 0;
  await pipeline(
    Readable.from(tar(megabytes, diff)),
    createGzip({ level: 1 }),
    async function* (chunks) {
      for await (const chunk of chunks) {
        packed.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(temporary),
  );
  const digest = `sha256:${packed.digest('hex')}`;
  renameSync(temporary, join(blobs, digest.slice(7)));
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [`sha256:${diff.digest('hex')}`] },
    }),
  );
  put(config);
  const oci = (name) => `application/vnd.oci.image.${name}`;
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: oci('manifest.v1+json'),
      config: { mediaType: oci('config.v1+json'), digest: digestOf(config), size: config.length },
      layers: [{ mediaType: oci('layer.v1.tar+gzip'), digest, size }],
    }),
  );
  put(manifest);
  const entry = {
    mediaType: oci('manifest.v1+json'),
    digest: digestOf(manifest),
    size: manifest.length,
    annotations: { 'org.opencontainers.image.ref.name': 'v1' },
  };
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: oci('index.v1+json'), manifests: [entry] }),
  );
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return size;
}

function* tar(megabytes, hash) {
  const counted = (block) => {
    hash.update(block);
    return block;
  };
  const header = Buffer.alloc(512);
  const octal = (value, width) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write('random', 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8), 100);
  header.write(octal(megabytes * MEGABYTE, 12) + octal(0, 12) + '        0', 124);
  header.write('ustar\x0000', 257);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  yield counted(header);
  for (let written = 0; written < megabytes; written++)
    yield counted(randomFillSync(Buffer.alloc(MEGABYTE)));
  yield counted(Buffer.alloc(1024));
}

/** Wall and processor seconds and peak memory of one command. */
async function measure(command) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null';
  const child = spawn('bash', ['-c', script, 'bash', ...command], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let errors = '';
  let peak = 0;
  child.stderr.on('data', (chunk) => (errors += chunk));
  const timer = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 10);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command.join(' ')} failed:\n${errors}`);
  const [wall, user, system] = errors.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: user + system, megabytes: Math.round(peak / 1024) };
}

/** VmHWM in KiB of what the shell runs. */
function peakOf(shell) {
  try {
    const [pid] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0; // between two processes
  }
}

const best = new Map();
async function contest(name, command) {
  const result = await measure(command);
  const known = best.get(name);
  if (known === undefined || result.wall < known.wall) best.set(name, result);
}

async function round(number) {
  const ours = (...words) => [process.execPath, join(here, 'push-once.mjs'), ...words];
  const copy = ['skopeo', 'copy', '--quiet'];
  await withRegistry(async (registry) => {
    const to = `${registry}/bench/image:v1`;
    await contest('push: nixpack', ours('push', layout, to));
    await contest('push again: nixpack', ours('push', layout, to));
    await contest('pull: nixpack', ours('pull', to, join(scratch, `store-${number}`)));
  });
  await withRegistry(async (registry) => {
    const to = `docker://${registry}/bench/image:v1`;
    const [push, pull] = ['--dest-tls-verify=false', '--src-tls-verify=false'];
    await contest('push: skopeo', [...copy, push, `oci:${layout}:v1`, to]);
    await contest('push again: skopeo', [...copy, push, `oci:${layout}:v1`, to]);
    await contest('pull: skopeo', [...copy, pull, to, `oci:${join(scratch, `copy-${number}`)}:v1`]);
  });
  for (const name of ['store', 'copy'])
    rmSync(join(scratch, `${name}-${number}`), { recursive: true });
}

const ratio = (a, b) => Number((a / b).toFixed(2));

try {
  const size = await writeLayout(Number(values.megabytes));
  for (let run = 0; run < Number(values.runs); run++) await round(run);
  console.log(`one layer of ${(size / MEGABYTE).toFixed(0)} MiB, best of ${values.runs}`);
  console.table(
    [...best].map(([name, { wall, cpu, megabytes }]) => {
      const other = best.get(name.replace(/: .*/, ': skopeo'));
      return {
        name,
        'wall s': wall,
        'cpu s': Number(cpu.toFixed(2)),
        'peak MB': megabytes,
        'wall / skopeo': ratio(wall, other.wall),
        'cpu / skopeo': ratio(cpu, other.cpu),
      };
    }),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
