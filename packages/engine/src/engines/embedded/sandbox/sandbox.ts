import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytes,
  type ByteString,
  type CommandResult,
  encodeText,
  type Runner,
} from '@nx-nixpack/base';
import { digestOf, hexOf, type Digest, type Store } from '@nx-nixpack/oci';
import { isJvmNotice } from '../../../host-facts/index.js';
import type { HostNetwork } from '../../engine.js';
import type { CacheMount, LentArchive, Recipe, Step } from '../../../recipe/recipe.js';
import { archiveBlob } from '../../archive-blob.js';
import { diskPath } from '../trees/disk.js';
import { hostAccess, withLent, type HostAccess } from './host-access.js';
import type { MountPoints } from './mount-points.js';
import {
  bind,
  DEVICES,
  MEMORY_PLACES,
  memoryMounts,
  mountTable,
  overlayOf,
  readOnlyOverlay,
  type MemoryPlace,
  type Mount,
} from './mount-table.js';
import { runProgram } from '../programs.js';
import { secretVariables } from '../../secret-variables.js';
import { launch } from '../wall/launch.js';
import type { StepNetwork } from '../wall/step-network.js';

type RunStep = Extract<Step, { kind: 'run' }>;

export interface SandboxPorts {
  readonly runner: Runner;
  /** A directory in memory that only this build sees. */
  readonly private: string;
  /** A directory of this build on the file system of the store. */
  readonly session: string;
  /** Absolute path of the folder that holds the cache directories. */
  readonly caches: string;
  /** What the command of a step is given to. */
  readonly interpreter: Recipe['interpreter'];
  readonly host: HostNetwork;
  /** Opened by the first step that has network. */
  readonly network: () => Promise<StepNetwork>;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly store: Store;
  readonly archives: ReadonlyMap<string, Digest>;
}

/** Keeps the build from finding, and an image from having, who the host is. */
export const HOST_NAME = 'nixpack';

/**
 * Runs one command with `root`, a mounted overlay, as its root directory. Everything it started is gone when this
 * resolves; what was mounted below the root, and the mount points that were made, are the caller's to remove.
 */
export async function runInSandbox(
  ports: SandboxPorts,
  { root, points }: { root: string; points: MountPoints },
  step: RunStep,
  onLine: (line: string) => void,
): Promise<CommandResult> {
  const scratch = join(ports.private, 'step');
  mkdirSync(scratch, { recursive: true });
  const memory = await mountMemory(ports, scratch, root);
  const network = step.network ? await ports.network() : undefined;
  const access = step.network ? hostAccess(ports.host, root) : NO_ACCESS;
  const mounts = [
    ...cacheMounts(ports, scratch, { root, points }, step.caches),
    ...(await archiveMounts(ports, scratch, { root, points }, step.archives ?? [])),
    ...fileBinds(ports, memory, points, step, network, access.files).map(({ source, place }) =>
      bind(diskPath(source), bytes`${diskPath(root)}/${place}`),
    ),
  ];
  const result = await launch(ports.runner, {
    directory: scratch,
    root,
    memory,
    mounts,
    ...(network ? { network } : {}),
    workdir: step.workdir,
    environment: { ...withLent(access.env, step.env), ...secretVariables(step, ports.secrets) },
    command: [...ports.interpreter, step.command],
    onLine: (line) => void (isJvmNotice(line, access.env) || onLine(line)),
  });
  await runProgram(ports.runner, 'umount', [memory]);
  return result;
}

const NO_ACCESS: HostAccess = { files: new Map(), env: {} };

/** Some of /dev, /run and /tmp in memory, with what programs expect to find there. */
export async function mountMemory(
  { runner }: Pick<SandboxPorts, 'runner'>,
  scratch: string,
  root: string,
  places: readonly MemoryPlace[] = MEMORY_PLACES,
): Promise<string> {
  const memory = join(scratch, 'memory');
  mkdirSync(memory, { recursive: true });
  const options = ['-t', 'tmpfs', '-o', 'mode=755,nosuid,nodev,size=50%', 'nixpack', memory];
  await runProgram(runner, 'mount', options);
  for (const [name, mode] of FOLDERS) {
    mkdirSync(join(memory, name), { recursive: true });
    chmodSync(join(memory, name), mode);
  }
  for (const name of DEVICES) writeFileSync(join(memory, 'dev', name), '');
  for (const [name, target] of LINKS) symlinkSync(target, join(memory, 'dev', name));
  const table = join(scratch, 'memory-mounts');
  writeTable(table, memoryMounts(diskPath(root), diskPath(memory), places));
  await runProgram(runner, 'mount', ['--all', '--fstab', table]);
  return memory;
}

const FOLDERS = [
  ['dev', 0o755],
  ['dev/pts', 0o755],
  ['dev/shm', 0o755],
  ['run', 0o755],
  ['run/lock', 0o1777],
  ['run/secrets', 0o755],
  ['run/nixpack', 0o755],
  ['run/nixpack/host', 0o755],
  ['tmp', 0o1777],
  ['shm', 0o1777],
  ['files', 0o700],
] as const;

const LINKS = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
] as const;

const writeTable = (path: string, mounts: readonly Mount[]): void =>
  writeFileSync(path, mountTable(mounts), 'latin1');

/** Links beside the table of mounts give the directories names that say nothing about the machine. */
function cacheMounts(
  { caches, session }: SandboxPorts,
  scratch: string,
  { root, points }: { root: string; points: MountPoints },
  mounts: readonly CacheMount[],
): Mount[] {
  return mounts.map(({ target, id }, index) => {
    const directories = {
      [`cache-${index}`]: join(caches, hexOf(digestOf(id))),
      [`work-${index}`]: join(session, randomBytes(8).toString('hex')),
    };
    for (const [name, directory] of Object.entries(directories)) {
      mkdirSync(directory, { recursive: true, mode: 0o755 });
      rmSync(join(scratch, name), { force: true });
      symlinkSync(directory, join(scratch, name));
    }
    const place = points.at(encodeText(target), 'directory');
    return overlayOf(`cache-${index}`, `work-${index}`, bytes`${diskPath(root)}/${place}`);
  });
}

/** A directory of links to blobs of the store, as an overlay for the reason that caches are one; nobody writes to it. */
async function archiveMounts(
  ports: SandboxPorts,
  scratch: string,
  { root, points }: { root: string; points: MountPoints },
  archives: readonly LentArchive[],
): Promise<Mount[]> {
  if (archives.length === 0) return [];
  const directory = join(ports.session, randomBytes(8).toString('hex'));
  mkdirSync(directory, { mode: 0o755 });
  for (const { id, file } of archives)
    linkSync(await archiveBlob(ports, id), join(directory, plainName(file)));
  rmSync(join(scratch, 'archives'), { force: true });
  symlinkSync(directory, join(scratch, 'archives'));
  const place = points.at(encodeText(ARCHIVES), 'directory');
  return [readOnlyOverlay('archives', bytes`${diskPath(root)}/${place}`)];
}

const ARCHIVES = '/run/archives';

function plainName(file: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(file)) return file;
  throw new Error(`"${file}" is not a name for an archive`);
}

interface Bind {
  readonly source: string;
  /** Relative to the root, without links on the way. */
  readonly place: ByteString;
}

function fileBinds(
  ports: SandboxPorts,
  memory: string,
  points: MountPoints,
  step: RunStep,
  network: StepNetwork | undefined,
  lent: ReadonlyMap<string, Uint8Array>,
): Bind[] {
  const { host } = ports;
  const files = new Map(lent);
  const hosts = `${network ? host.hosts.trimEnd() : '127.0.0.1 localhost'}\n127.0.1.1 ${HOST_NAME}\n`;
  files.set('/etc/hosts', Buffer.from(hosts));
  files.set('/etc/resolv.conf', Buffer.from(network?.resolvConf ?? ''));
  const readable = [...files].map(([path, content], index) => {
    const source = fileIn(memory, `file-${index}`, content, 0o644);
    return { source, place: points.at(encodeText(path), 'file') };
  });
  const secrets = step.secrets.map((name, index) => {
    const value = ports.secrets.get(name);
    if (value === undefined)
      throw new Error(`the recipe reads a secret "${name}" that was not given`);
    const source = fileIn(memory, `secret-${index}`, value, 0o400);
    return { source, place: points.at(encodeText(`/run/secrets/${name}`), 'file') };
  });
  return [...readable, ...secrets];
}

/** In the step's own memory: what it writes there counts like all else, and is gone with it. */
export function fileIn(memory: string, name: string, content: Uint8Array, mode: number): string {
  const path = join(memory, 'files', name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}
