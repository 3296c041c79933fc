import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteString, Runner } from '@nx-nixpack/base';
import { fromTar } from './tar-capabilities.js';
import { HOST_ENV, runProgram } from './programs.js';
import type { DiskPath } from './disk.js';

export type Capabilities = ReadonlyMap<ByteString, Uint8Array>;

const MARK = 'SCHILY.xattr.security.capability';
const READ =
  'tar --create --xattrs --xattrs-include=security.capability --format=pax --no-recursion --null --verbatim-files-from --files-from="$1"';

/**
 * The file capabilities of some executables, by path. Node cannot read extended attributes, GNU tar can. Almost no
 * step sets any, so a search through the archive answers first and nothing is written.
 */
export async function readCapabilities(
  { runner, scratch }: { runner: Runner; scratch: string },
  root: DiskPath,
  paths: readonly ByteString[],
): Promise<Capabilities> {
  if (paths.length === 0) return new Map();
  const list = join(scratch, `executables-${randomBytes(4).toString('hex')}`);
  writeFileSync(list, paths.map((path) => `./${path}\0`).join(''), 'latin1');
  const cwd = Buffer.from(root, 'latin1').toString('utf8');
  try {
    const search = `${READ} --file=- | grep --quiet --binary-files=text --fixed-strings ${MARK}`;
    const found = await runner.run({
      file: 'bash',
      args: ['-c', search, 'tar', list],
      cwd,
      env: HOST_ENV,
    });
    if (found.exitCode !== 0) return new Map();
    await runProgram(runner, 'bash', ['-c', `${READ} --file="$2"`, 'tar', list, `${list}.tar`], {
      cwd,
    });
    return fromTar(`${list}.tar`);
  } finally {
    for (const path of [list, `${list}.tar`]) rmSync(path, { force: true });
  }
}
