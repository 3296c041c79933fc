import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeText, type ByteString, type CommandResult, type Runner } from '@nx-nixpack/base';
import { digestOf, hexOf } from '@nx-nixpack/oci';
import type { HostNetwork } from '../../engine.js';
import type { CacheMount, Step } from '../../recipe.js';
import { diskPath } from './disk.js';
import { hostLoan } from './host-loan.js';
import { MountPoints } from './mount-points.js';
import { bind, deviceMounts, freshMounts, mountTable, type Mount } from './mount-table.js';
import { HOST_ENV } from './programs.js';
import { SANDBOX_SCRIPT } from './sandbox-script.js';

type RunStep = Extract<Step, { kind: 'run' }>;

export interface SandboxPorts {
  readonly runner: Runner;
  /** A directory in memory that only this build sees. */
  readonly private: string;
  /** Absolute path of the folder that holds the cache directories. */
  readonly caches: string;
  readonly host: HostNetwork;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
}

/** Keeps the build from finding, and an image from having, who the host is. */
const HOST_NAME = 'nixpack';

/** Runs one command with `root` as its root directory. Everything it started is gone when this resolves. */
export async function runInSandbox(
  ports: SandboxPorts,
  root: string,
  step: RunStep,
  onLine: (line: string) => void,
): Promise<CommandResult> {
  const scratch = join(ports.private, 'step');
  mkdirSync(scratch, { recursive: true });
  const points = new MountPoints(diskPath(root));
  const loan = step.network ? hostLoan(ports.host, root) : { files: new Map(), env: {} };
  const binds = [
    ...cacheBinds(ports, points, step.caches),
    ...fileBinds(ports, points, step, loan.files),
  ];
  writeTables(scratch, root, points, binds);
  writeFileSync(join(scratch, 'started'), '');
  try {
    const result = await start(ports, scratch, root, step, { ...loan.env, ...step.env }, onLine);
    if (readFileSync(join(scratch, 'started'), 'latin1') === '') throw notStarted(result);
    return result;
  } finally {
    points.remove();
  }
}

function start(
  { runner }: SandboxPorts,
  scratch: string,
  root: string,
  step: RunStep,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<CommandResult> {
  const host = join(dirname(root), 'host');
  mkdirSync(host, { recursive: true });
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--ipc', '--uts'];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const shell = ['/bin/bash', '-l', '-o', 'pipefail', '-c', step.command];
  return runner.run({
    file: 'unshare',
    args: [
      ...namespaces,
      ...(step.network ? [] : ['--net']),
      ...['setsid', 'bash', '-c', SANDBOX_SCRIPT, 'sandbox'],
      ...[root, host, step.workdir, step.network ? 'on' : 'off', scratch],
      ...['/usr/bin/env', '-i', ...variables, ...shell],
    ],
    env: HOST_ENV,
    onLine,
  });
}

function cacheBinds(
  { caches }: SandboxPorts,
  points: MountPoints,
  mounts: readonly CacheMount[],
): Bind[] {
  return mounts.map(({ target, id }) => {
    const source = join(caches, hexOf(digestOf(id)));
    mkdirSync(source, { recursive: true, mode: 0o755 });
    return { source, place: points.at(encodeText(target), 'directory'), options: 'bind' };
  });
}

interface Bind {
  readonly source: string;
  /** Relative to the root, without links on the way. */
  readonly place: ByteString;
  readonly options: string;
}

function fileBinds(
  ports: SandboxPorts,
  points: MountPoints,
  step: RunStep,
  lent: ReadonlyMap<string, Uint8Array>,
): Bind[] {
  const { host } = ports;
  const files = new Map(lent);
  const hosts = `${step.network ? host.hosts.trimEnd() : '127.0.0.1 localhost'}\n127.0.1.1 ${HOST_NAME}\n`;
  files.set('/etc/hosts', Buffer.from(hosts));
  files.set('/etc/resolv.conf', Buffer.from(step.network ? host.resolvConf : ''));
  const readable = [...files].map(([path, content], index) => {
    const source = privateFile(ports, `file-${index}`, content, 0o644);
    return { source, place: points.at(encodeText(path), 'file'), options: 'bind' };
  });
  const secrets = step.secrets.map((name, index) => {
    const value = ports.secrets.get(name);
    if (value === undefined)
      throw new Error(`the recipe reads a secret "${name}" that was not given`);
    const source = privateFile(ports, `secret-${index}`, value, 0o400);
    return {
      source,
      place: points.at(encodeText(`/run/secrets/${name}`), 'file'),
      options: 'bind',
    };
  });
  return [...readable, ...secrets];
}

function privateFile(ports: SandboxPorts, name: string, content: Uint8Array, mode: number): string {
  const path = join(ports.private, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function writeTables(
  scratch: string,
  root: string,
  points: MountPoints,
  binds: readonly Bind[],
): void {
  // Tables are bytes, like the names in them.
  const merged = diskPath(root);
  const host = diskPath(join(dirname(root), 'host'));
  const at = (place: ByteString): ByteString => `${merged}/${place}`;
  const all: Mount[] = [
    ...deviceMounts(merged, existsSync),
    ...binds.map(({ source, place, options }) => bind(diskPath(source), at(place), options)),
  ];
  const inside = points.inside.map(({ path, directory }) => ({ path: at(path), directory }));
  const directories = inside.map(({ path, directory }) => (directory ? path : dirname(path)));
  const files = inside.filter(({ directory }) => !directory).map(({ path }) => path);
  writeFileSync(join(scratch, 'mounts'), mountTable(freshMounts(merged, host)), 'latin1');
  writeFileSync(join(scratch, 'binds'), mountTable(all), 'latin1');
  writeFileSync(join(scratch, 'directories'), terminated(directories), 'latin1');
  writeFileSync(join(scratch, 'files'), terminated(files), 'latin1');
}

const terminated = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

const notStarted = (result: CommandResult): Error =>
  new Error(`the step's namespaces could not be set up: ${result.stderr.toString('utf8').trim()}`);
