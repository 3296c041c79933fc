import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Image } from '../../image.js';
import { writeLayout } from '../../layout/write-layout.js';
import { memoryLayer } from '../memory-layer.contract.js';
import type { Tool } from './hostile-archive.contract.js';

export interface Unpacked {
  /** Where the tool has unpacked to, also when it failed. */
  readonly root: string;
  /** What it said when it failed. */
  readonly failure: string | undefined;
}

/** Unpacks tars, the lowest first, below a directory as another tool does. GNU tar and bsdtar take the first only. */
export async function unpackWith(
  tool: Tool,
  tars: readonly Buffer[],
  directory: string,
): Promise<Unpacked> {
  const place = join(directory, tool);
  mkdirSync(place);
  return tool === 'umoci' ? byUmoci(tars, place) : byTar(tool, tars[0] as Buffer, place);
}

function byTar(tool: Tool, tar: Buffer, place: string): Unpacked {
  const root = join(place, 'root');
  mkdirSync(root, { mode: 0o755 });
  writeFileSync(join(place, 'layer.tar'), tar);
  const options = ['--numeric-owner', '--same-owner', '-C', root];
  return { root, failure: run(tool, ['-xpf', join(place, 'layer.tar'), ...options]) };
}

async function byUmoci(tars: readonly Buffer[], place: string): Promise<Unpacked> {
  const image = Image.scratch('linux/amd64').append(...tars.map((tar) => memoryLayer(tar)));
  await writeLayout(image, join(place, 'image'));
  const bundle = join(place, 'bundle');
  const failure = run('umoci', ['unpack', '--image', `${join(place, 'image')}:latest`, bundle]);
  return { root: join(bundle, 'rootfs'), failure };
}

function run(file: string, args: readonly string[]): string | undefined {
  const { status, stderr } = spawnSync(file, args, { timeout: 60_000, maxBuffer: 1 << 26 });
  return status === 0 ? undefined : stderr.toString('latin1').slice(-500) || `status ${status}`;
}
