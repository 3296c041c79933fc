import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sanitize, type Runner } from '@nx-nixpack/base';
import { Store } from '@nx-nixpack/oci';
import type { EngineHost } from '../engine-host.js';
import type { Readiness } from '../engine.js';
import { DEVICES } from './sandbox/mount-table.js';
import { inNamespaces } from './namespaces.js';
import { HOST_ENV, isOnPath, PROGRAMS } from './programs.js';
import { engineFolders, Session } from './snapshots/session.js';
import { wallCommand, type Launch } from './wall/launch.js';

const TIME_LIMIT_MS = 15_000;
const OPTIONS =
  'lowerdir=lower,upperdir=upper,workdir=work,metacopy=off,index=off,redirect_dir=off,xino=off';
/** A file that is removed through an overlay, and a step that ends where its command would begin. */
const TRIAL = `: > lower/file && mount -t overlay -o ${OPTIONS} overlay root && rm root/file && "$@" && umount root`;
/** Where a step needs something to mount at. */
const PLACES = ['proc', 'sys', 'dev/pts', 'dev/shm', 'run/nixpack/host', 'tmp'];

const WAYS_OUT =
  'Run the build as root on a Linux machine or in a virtual machine; in a container give it the store on a volume and ' +
  'SYS_ADMIN without the seccomp profile; other users are not supported yet.';

/** What of a machine is known without starting anything. */
export interface Machine {
  readonly system: string;
  readonly user: number | undefined;
  has(program: string): boolean;
}

const THIS_MACHINE: Machine = {
  system: process.platform,
  user: process.getuid?.(),
  has: isOnPath,
};

/**
 * Whether this machine can run the engine, by doing what it does once, in the directory of the store when that is
 * known. Starts nothing before the programs are there.
 */
export async function probeEmbedded(
  { runner, storeDirectory }: Pick<EngineHost, 'runner' | 'storeDirectory'>,
  machine: Machine = THIS_MACHINE,
): Promise<Readiness> {
  if (machine.system !== 'linux') return not('it needs Linux', WAYS_OUT);
  if (machine.user !== 0) return not('it needs root for now', WAYS_OUT);
  const missing = Object.keys(PROGRAMS).filter((name) => !machine.has(name));
  if (missing.length > 0) return notInstalled(missing);
  try {
    return await inTrialDirectory(storeDirectory, (directory) => tryOverlay(runner, directory));
  } catch (error) {
    return not(`a trial could not be started: ${sanitize(String(error))}`, WAYS_OUT);
  }
}

async function inTrialDirectory<T>(
  storeDirectory: string | undefined,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  if (storeDirectory !== undefined) {
    // A session, because what a killed probe leaves is then swept like everything else.
    const session = new Session(engineFolders(Store.open(storeDirectory)));
    return work(session.directory).finally(() => session.close());
  }
  const directory = mkdtempSync(join(tmpdir(), 'nx-nixpack-probe-'));
  return work(directory).finally(() => rmSync(directory, { recursive: true, force: true }));
}

async function tryOverlay(runner: Runner, directory: string): Promise<Readiness> {
  for (const name of ['lower', 'upper', 'work', 'root']) mkdirSync(join(directory, name));
  const { file, args } = wallCommand(trialStep(directory));
  const result = await runner.run({
    ...inNamespaces({ file: 'bash', args: ['-c', TRIAL, 'trial', file, ...args] }),
    cwd: directory,
    env: HOST_ENV,
    timeoutMs: TIME_LIMIT_MS,
  });
  if (result.exitCode === 0) return { ready: true };
  if (result.timedOut) return not(`a trial took longer than ${TIME_LIMIT_MS / 1000} s`, WAYS_OUT);
  return not(describeFailure(sanitize(result.stderr.toString('utf8')).trim()), WAYS_OUT);
}

function trialStep(directory: string): Launch {
  const memory = join(directory, 'memory');
  for (const name of PLACES) mkdirSync(join(directory, 'lower', name), { recursive: true });
  for (const name of DEVICES) writeFileSync(join(directory, 'lower/dev', name), '');
  mkdirSync(join(memory, 'shm'), { recursive: true });
  const root = join(directory, 'root');
  return { directory, root, memory, mounts: [], workdir: '/', environment: {}, command: [] };
}

function describeFailure(said: string): string {
  const last = said.split('\n').at(-1) ?? '';
  if (/unshare: No space left/.test(said))
    return 'user namespaces are switched off (user.max_user_namespaces is 0)';
  if (/unshare(?: failed|:)|Operation not permitted/.test(said))
    return `namespaces or mounts are not allowed here, as in most containers (${last})`;
  if (/unknown filesystem type/.test(said))
    return `the kernel has no overlay file system (${last})`;
  if (/overlay|wrong fs type/.test(said))
    return `overlay cannot use the store's directory, which may lie on an overlay itself (${last})`;
  return `a trial failed (${last})`;
}

function notInstalled(names: readonly string[]): Readiness {
  const packages = [...new Set(names.map((name) => PROGRAMS[name]))].sort();
  return not(`programs are missing: ${names.join(', ')}`, `Install ${packages.join(', ')}.`);
}

const not = (reason: string, hint: string): Readiness => ({ ready: false, reason, hint });
