import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../digest.js';
import type { Layer } from '../../image.js';
import { openImageTree } from '../../tree/image-tree.js';
import { unpackLayer } from '../unpack-layer.js';
import { BOMBS } from './bombs.contract.js';

/* A process of its own: set-off NAME read|unpack DIRECTORY. Prints what came of it, how long it took, and its memory. */

const [name = '', way, directory = ''] = process.argv.slice(2);
const bomb = BOMBS[name];
if (bomb === undefined) throw new Error(`there is no bomb ${name}`);

/** Its digests are never reached by what is refused; what is borne fails with them at the very end. */
const layer: Layer = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  digest: digestOf(Buffer.alloc(0)),
  diffId: digestOf(Buffer.alloc(0)),
  size: 2 ** 40,
  origin: 'base',
  async *open() {
    for (const piece of bomb.tar()) yield await Promise.resolve(piece);
  },
};

async function setOff(): Promise<string> {
  try {
    if (way === 'read') (await openImageTree([layer], directory)).close();
    else {
      mkdirSync(join(directory, 'root'));
      await unpackLayer(layer, join(directory, 'root'));
    }
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const started = performance.now();
void setOff().then((message) => {
  const seconds = (performance.now() - started) / 1000;
  // Not maxRSS, which is at least what the parent had when it started this.
  const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const megabytes = Math.round(Number(peak?.[1]) / 1024);
  process.stdout.write(JSON.stringify({ message, seconds, megabytes }));
});
