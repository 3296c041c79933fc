import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Command, CommandResult, Runner } from '@nx-nixpack/base';

/** Where the host's programs are looked for: never the caller's PATH, which a workspace may have changed. */
const HOST_PATH = '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';
export const HOST_ENV: Readonly<Record<string, string>> = { PATH: HOST_PATH, LC_ALL: 'C' };

/** What the engine starts, and the Debian package that brings it. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  bash: 'bash',
  cp: 'coreutils',
  flock: 'util-linux',
  grep: 'grep',
  mount: 'mount',
  nsenter: 'util-linux',
  perl: 'perl-base',
  rm: 'coreutils',
  setpriv: 'util-linux',
  sleep: 'coreutils',
  tar: 'tar',
  umount: 'mount',
  unshare: 'util-linux',
};

export function isOnPath(name: string): boolean {
  return HOST_PATH.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs one of the host's programs. Throws, as a bug, when it fails: callers use it only for what cannot fail by a user's doing. */
export async function runProgram(
  runner: Runner,
  file: string,
  args: readonly string[],
  options: Partial<Command> = {},
): Promise<CommandResult> {
  const result = await runner.run({ env: HOST_ENV, ...options, file, args });
  if (result.exitCode === 0) return result;
  const said = Buffer.concat([result.stderr, result.stdout]).toString('utf8').trim().slice(-2000);
  throw new Error(
    `${file} ${args.join(' ')} failed (${result.exitCode ?? result.signal}): ${said}`,
  );
}
