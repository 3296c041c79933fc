import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BOMBS } from './hostile/bombs.contract.js';
import { header } from './hostile/tar-maker.contract.js';
import { layerTar } from './layer-tar.js';
import { memoryLayer } from './memory-layer.contract.js';

/* Archives that are small and ask for much, each in a process of its own, whose memory is looked at. */

const ROOT = join(__dirname, '../../../..');
const SOURCES = join(ROOT, 'packages/engine/test-support/run-sources.cjs');
const SET_OFF = join(__dirname, 'hostile/set-off.contract.ts');
/** A process that does nothing takes about 80. */
const MOST_MEGABYTES = 600;

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'bomb-'))));
afterEach(() => rmSync(directory, { recursive: true }));

interface Outcome {
  readonly message: string;
  readonly seconds: number;
  readonly megabytes: number;
}

function setOff(name: string, way: 'read' | 'unpack'): Outcome {
  const args = ['--conditions=@nx-nixpack/source', '--require', SOURCES, SET_OFF];
  const output = execFileSync(process.execPath, [...args, name, way, directory]);
  const outcome = JSON.parse(output.toString()) as Outcome;
  const { seconds, megabytes } = outcome;
  process.stdout.write(`bomb, ${way}: ${name}: ${seconds.toFixed(1)} s, ${megabytes} MB\n`);
  return outcome;
}

describe('a bomb', () => {
  // What is borne fails with its digest, at the very end.
  const borne = /shorter than announced; read up to entry \d+ /;

  it.each(Object.entries(BOMBS))('%s, read', (name, { says = borne }) => {
    const { message, megabytes } = setOff(name, 'read');
    expect(message).toMatch(says);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  // Those whose cost differs on the disk; removing the others takes longer than refusing them.
  const onDisk = Object.entries(BOMBS).filter(([name]) =>
    /^(links through|whiteouts|paths)/.test(name),
  );
  it.each(onDisk)('%s, unpacked', (name, { says = borne }) => {
    const { message, megabytes } = setOff(name, 'unpack');
    expect(message).toMatch(says);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  it.each(['gzip', 'zstd'])(
    'of zeros in %s is refused once it has grown too far',
    async (format) => {
      const tar = Buffer.concat([header({ name: 'zeros', size: 2 ** 28 }), Buffer.alloc(2 ** 28)]);
      writeFileSync(join(directory, 'tar'), tar);
      const stored =
        format === 'gzip'
          ? gzipSync(tar, { level: 9 })
          : execFileSync('zstd', ['-q', '-c', join(directory, 'tar')]);
      let read = 0;
      const reading = async (): Promise<void> => {
        for await (const piece of layerTar(memoryLayer(tar, stored))) read += piece.byteLength;
      };
      await expect(reading()).rejects.toMatchObject({
        code: 'BASE_INVALID',
        message: expect.stringMatching(/more than 200 times as large/),
      });
      // One piece of the decompressor more than the limit allows.
      expect(read).toBeLessThan(80 * 2 ** 20);
    },
  );
});
