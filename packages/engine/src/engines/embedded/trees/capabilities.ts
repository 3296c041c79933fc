import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteString, CommandResult, Runner } from '@nx-nixpack/base';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { fromTar } from './tar-capabilities.js';
import { runProgram } from '../programs.js';
import type { DiskPath } from './disk.js';

export interface CapabilityPorts {
  readonly runner: Runner;
  /** A directory in memory. */
  readonly scratch: string;
}

const MARK = 'SCHILY.xattr.security.capability';
const READ =
  'tar --create --xattrs --xattrs-include=security.capability --format=pax --no-recursion --null --verbatim-files-from --files-from="$1"';

/** grep ends at the first find, and tar with it: only when nothing is found must tar have come to its end. */
const SEARCH = `${READ} --file=- | grep --quiet --binary-files=text --fixed-strings ${MARK}
case "\${PIPESTATUS[*]}" in
  *' 0') echo found ;;
  '0 1') ;;
  *) exit 1 ;;
esac`;

/**
 * The file capabilities of some executables, by path. Node cannot read extended attributes, GNU tar can. Almost no
 * step sets any, so a search through the archive answers first and nothing is written. Throws when one cannot be read.
 */
export async function readCapabilities(
  { runner, scratch }: CapabilityPorts,
  root: DiskPath,
  paths: readonly ByteString[],
): Promise<Capabilities> {
  if (paths.length === 0) return new Map();
  const list = join(scratch, `executables-${randomBytes(4).toString('hex')}`);
  const archive = `${list}.tar`;
  writeFileSync(list, paths.map((path) => `./${path}\0`).join(''), 'latin1');
  const bash = (script: string, ...args: string[]): Promise<CommandResult> =>
    runProgram(runner, 'bash', ['-c', script, 'tar', list, ...args], {
      cwd: Buffer.from(root, 'latin1').toString('utf8'),
    });
  try {
    const { stdout } = await bash(SEARCH);
    if (stdout.byteLength === 0) return new Map();
    await bash(`${READ} --file="$2"`, archive);
    return fromTar(archive);
  } finally {
    for (const path of [list, archive]) rmSync(path, { force: true });
  }
}
