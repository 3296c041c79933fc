import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, encodeText, type Runner } from '@nx-nixpack/base';
import type { StartOptions, StartOutcome } from '../../engine.js';
import type { Recipe } from '../../../recipe/recipe.js';
import { Tail } from '../../command-failed.js';
import { runProgram } from '../programs.js';
import { MountPoints } from '../sandbox/mount-points.js';
import { bind } from '../sandbox/mount-table.js';
import { fileIn, HOST_NAME, mountMemory } from '../sandbox/sandbox.js';
import { below, diskPath, lstat, onDisk } from '../trees/disk.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';
import type { Stack, Views } from '../trees/tree-view.js';
import { launch } from '../wall/launch.js';
import { makeAsShipped } from './as-shipped.js';
import { httpGet } from './http-get.js';
import { listenersOf, workOf } from './listeners.js';
import { watch } from './watch.js';

export interface StartPorts {
  readonly runner: Runner;
  readonly views: Views;
  /** A directory in memory that only this worker sees. */
  readonly private: string;
  /** A directory of this worker on the file system of the store. */
  readonly session: string;
  readonly redact: (line: string) => string;
}

const HOSTS = `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 ${HOST_NAME}\n`;
/** The cause stands above the trace that it left. */
const KEPT_LINES = 100;
const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Starts the program of an image behind the wall of steps: as the image's user, in a network with nothing but a loopback,
 * on a view of the image's files whose changes nobody keeps. It still runs when this resolves, and ends with the worker.
 */
export async function startImage(
  ports: StartPorts,
  stack: Stack,
  recipe: Recipe,
  options: StartOptions,
): Promise<StartOutcome> {
  const network = await loopbackNetwork(ports);
  const tail = new Tail(KEPT_LINES);
  const run = await runnable(ports, stack, recipe, options, (line) => tail.add(ports.redact(line)));
  const started = performance.now();
  const { enter, namespace } = network;
  const seen = await watch(
    {
      listeners: () => listenersOf(namespace),
      work: () => workOf(namespace),
      get: (listener) => httpGet(ports.runner, enter, listener, options.path),
      ended: run(enter),
    },
    options,
  );
  return { ...seen, seconds: (performance.now() - started) / 1000, lines: tail.lines };
}

async function loopbackNetwork({ runner, private: scratch }: StartPorts) {
  const file = join(scratch, 'start-network');
  writeFileSync(file, '');
  await runProgram(runner, 'unshare', [`--net=${file}`, 'true']);
  const enter = ['nsenter', `--net=${file}`, '--'];
  return { enter, namespace: statSync(file, { bigint: true }).ino };
}

/** Everything that the program stands on; what comes back starts it and resolves with its exit code. */
async function runnable(
  { runner, views, private: memoryIn, session }: StartPorts,
  stack: Stack,
  { config, ownership }: Recipe,
  { env, command }: StartOptions,
  onLine: (line: string) => void,
): Promise<(enter: readonly string[]) => Promise<number>> {
  const [upper, work] = [directoryIn(session), directoryIn(session)];
  const { root } = await views.writable(stack, upper, work, { passing: true });
  makeAsShipped(diskPath(root), stack, ownership);
  const points = new MountPoints(diskPath(root));
  points.at(bytes`run/nixpack/host`, 'directory');
  const scratch = join(memoryIn, 'start');
  mkdirSync(scratch);
  const memory = await mountMemory({ runner }, scratch, root, ['dev']);
  const files = { '/etc/hosts': HOSTS, '/etc/resolv.conf': '' };
  const mounts = Object.entries(files).map(([path, text], index) => {
    const source = fileIn(memory, `file-${index}`, Buffer.from(text), 0o644);
    return bind(diskPath(source), bytes`${diskPath(root)}/${points.at(encodeText(path), 'file')}`);
  });
  const workdir = config.WorkingDir ?? '/';
  const [uid = 0, gid = 0] = (config.User ?? '0:0').split(':').map(Number);
  points.at(resolveInRoot(diskPath(root), encodeText(workdir.replace(/^\/+/, ''))), 'directory');
  const own = { HOME: homeOf(uid, root), HOSTNAME: HOST_NAME };
  const line = command === undefined ? (config.Cmd ?? []) : [command];
  const program = [...(config.Entrypoint ?? []), ...line];
  return async (enter) => {
    const result = await launch(runner, {
      ...{ directory: scratch, root, memory, mounts, workdir, onLine },
      network: { enter, resolvConf: '' },
      environment: { ...own, ...variables(config.Env ?? []), ...env },
      command: program,
      user: { uid, gid },
    }).catch(notThere(program[0] ?? '', onLine));
    return result.exitCode ?? UNKNOWN;
  };
}

const UNKNOWN = 255;
const NOT_FOUND = 127;

/** The wall stands, and the image has no such program. */
const notThere =
  (program: string, onLine: (line: string) => void) =>
  (error: unknown): { exitCode: number } => {
    if (!(error instanceof Error) || !error.message.includes(`: ${program}: `)) throw error;
    onLine(`${program}: not found`);
    return { exitCode: NOT_FOUND };
  };

/** As container engines set it when the image does not, see passwd(5). */
function homeOf(uid: number, root: string): string {
  const path = below(diskPath(root), resolveInRoot(diskPath(root), bytes`etc/passwd`));
  if (!lstat(path)?.isFile()) return '/';
  const entries = readFileSync(onDisk(path), 'utf8').split('\n');
  const own = entries.map((entry) => entry.split(':')).find((fields) => fields[2] === String(uid));
  return own?.[5] ?? '/';
}

const variables = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    [DEFAULT_PATH, ...entries].map((entry) => {
      const end = entry.indexOf('=');
      return end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );

function directoryIn(session: string): string {
  const path = join(session, randomBytes(8).toString('hex'));
  mkdirSync(path, { mode: 0o755 });
  return path;
}
