import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult, Runner } from '@nx-nixpack/base';
import { diskPath } from '../trees/disk.js';
import { mountTable, systemMounts, type Mount } from '../sandbox/mount-table.js';
import { HOST_ENV } from '../programs.js';
import { KEPT_CAPABILITIES } from './capabilities.js';
import { processLimit, thisKernel } from './kernel.js';
import { familyOf, seccompFilter } from './seccomp.js';
import { ownCalls, STEP_INIT } from './step-init.js';
import type { StepNetwork } from './step-network.js';

export interface Launch {
  /** A directory in memory that only this build sees; `mount` runs in it. */
  readonly directory: string;
  /** What becomes the root directory: a mount point with proc, sys, and dev, run and tmp of `memory`. */
  readonly root: string;
  /** The step's directories in memory, see memoryMounts; `shm` is for /dev/shm. */
  readonly memory: string;
  /** Made last. */
  readonly mounts: readonly Mount[];
  /** Absent: no network but a loopback. */
  readonly network?: StepNetwork;
  /** Absolute path in the new root. */
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Empty: everything is set up and nothing runs. */
  readonly command: readonly string[];
  readonly onLine?: (line: string) => void;
  /** Whose ids it has; anyone but root is without capabilities. Default root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * Starts a command behind the wall of docs/engines/embedded.md and waits for its end, after which nothing of it runs.
 * Throws when the wall cannot be put up.
 */
export async function launch(runner: Runner, step: Launch): Promise<CommandResult> {
  const { directory, onLine } = step;
  const result = await runner.run({
    ...wallCommand(step),
    env: HOST_ENV,
    ...(onLine ? { onLine } : {}),
  });
  if (readFileSync(join(directory, 'started'), 'latin1') === '') throw notStarted(result);
  return result;
}

/** Writes what the setup of the step reads, and answers what to start. */
export function wallCommand(step: Launch): { file: string; args: string[] } {
  writeInputs(step);
  const { directory, root, workdir, network, user = ROOT } = step;
  const namespaces = ['--mount', '--mount-proc', '--pid', '--fork', '--kill-child'];
  const [file = '', ...args] = [
    ...(network?.enter ?? []),
    ...['unshare', ...namespaces, '--ipc', '--uts', '--cgroup'],
    ...(network ? [] : ['--net']),
    ...['--', 'perl', '-e', STEP_INIT, directory, root, workdir],
    network !== undefined && network.enter.length === 0 ? 'shared' : 'own',
    user.uid === 0 ? Object.values(KEPT_CAPABILITIES).join() : '',
    `${user.uid}:${user.gid}`,
    String(processLimit()),
    ...ownCalls(architecture()),
  ];
  return { file, args };
}

const ROOT = { uid: 0, gid: 0 };

/** Nothing of these is an argument: arguments are for everybody on the machine to read. */
function writeInputs({ directory, root, memory, mounts, environment, command }: Launch): void {
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(directory, name), content, { mode: 0o600 });
  const list = (values: readonly string[]): string => values.map((value) => `${value}\0`).join('');
  const system = systemMounts(diskPath(root), diskPath(memory), thisKernel());
  mkdirSync(join(directory, 'empty'), { recursive: true });
  write('mounts', Buffer.from(mountTable([...system, ...mounts]), 'latin1'));
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  write('environment', list(variables));
  write('command', list(command));
  write('filter', seccompFilter(familyOf(architecture())));
  write('started', '');
}

function architecture(): 'x64' | 'arm64' {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new Error(`the calls of ${process.arch} are not listed`);
}

const notStarted = (result: CommandResult): Error =>
  new Error(`the step could not be set up: ${result.stderr.toString('utf8').trim()}`);
