import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readLayout, unpackLayer } from '@nx-nixpack/oci';

const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

/** The base image as a directory, for programs that know no images. */
export async function rootDirectory(layout, directory) {
  mkdirSync(directory);
  const image = await readLayout(layout, { platform: PLATFORM });
  for (const layer of image.layers) await unpackLayer(layer, directory);
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'run', 'app'])
    mkdirSync(`${directory}/${name}`, { recursive: true });
}

/** What a program prints, on both streams. It is ended after a minute: an attack may hang it. */
export function outputOf(file, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
      ...options,
    });
    const pieces = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => pieces.push(piece));
    const end = () => done({ output: Buffer.concat(pieces).toString('utf8') });
    child.on('error', (error) => done({ output: String(error) }));
    // Not `close`: an attack may leave a process that keeps the streams open.
    child.on('exit', () => setTimeout(end, 100));
  });
}
