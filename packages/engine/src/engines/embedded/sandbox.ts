import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeText, type ByteString, type CommandResult, type Runner } from '@nx-nixpack/base';
import { digestOf, hexOf } from '@nx-nixpack/oci';
import type { HostNetwork } from '../../engine.js';
import type { CacheMount, Step } from '../../recipe.js';
import { diskPath } from './disk.js';
import { hostLoan, type HostLoan } from './host-loan.js';
import type { MountPoints } from './mount-points.js';
import { bind, DEVICES, emptyMounts, mountTable, systemMounts, type Mount } from './mount-table.js';
import { HOST_ENV, runProgram } from './programs.js';
import { SANDBOX_SCRIPT } from './sandbox-script.js';
import { secretVariables, withSecretVariables } from './secret-variables.js';

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
  await mountEmpty(ports, scratch, root);
  const loan = step.network ? hostLoan(ports.host, root) : NO_LOAN;
  const binds = [
    ...cacheBinds(ports, points, step.caches),
    ...fileBinds(ports, points, step, loan.files),
  ];
  writeTable(join(scratch, 'mounts'), [
    ...systemMounts(diskPath(root), diskPath(hostRoot(root)), existsSync),
    ...binds.map(({ source, place }) => bind(diskPath(source), `${diskPath(root)}/${place}`)),
  ]);
  writeFileSync(join(scratch, 'started'), '');
  const secrets = secretVariables(step, ports.secrets);
  if (secrets) writeFileSync(join(scratch, 'secret-variables'), secrets, { mode: 0o400 });
  const result = await start(ports, scratch, root, step, { ...loan.env, ...step.env }, onLine);
  if (readFileSync(join(scratch, 'started'), 'latin1') === '') throw notStarted(result);
  return result;
}

const NO_LOAN: HostLoan = { files: new Map(), env: {} };
/** Where the programs that set the step up find the host's root for a moment. */
const hostRoot = (root: string): string => join(dirname(root), 'host');

/** /dev, /run and /tmp in memory, with what programs expect to find there. */
async function mountEmpty({ runner }: SandboxPorts, scratch: string, root: string): Promise<void> {
  const table = join(scratch, 'empty');
  writeTable(table, emptyMounts(diskPath(root)));
  await runProgram(runner, 'mount', ['--all', '--fstab', table]);
  for (const name of ['dev/pts', 'dev/shm', 'run/lock', 'run/secrets', 'run/nixpack/host'])
    mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, 'run/lock'), 0o1777);
  for (const name of DEVICES) writeFileSync(join(root, 'dev', name), '');
  for (const [name, target] of LINKS) symlinkSync(target, join(root, 'dev', name));
}

const LINKS = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
] as const;

const writeTable = (path: string, mounts: readonly Mount[]): void =>
  writeFileSync(path, mountTable(mounts), 'latin1');

function start(
  { runner }: SandboxPorts,
  scratch: string,
  root: string,
  step: RunStep,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<CommandResult> {
  const host = hostRoot(root);
  mkdirSync(host, { recursive: true });
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--ipc', '--uts'];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const shell = ['/bin/bash', '-l', '-o', 'pipefail', '-c', step.command];
  const command = step.secretVariables?.length ? withSecretVariables(shell) : shell;
  return runner.run({
    file: 'unshare',
    args: [
      ...namespaces,
      ...(step.network ? [] : ['--net']),
      ...['setsid', 'bash', '-c', SANDBOX_SCRIPT, 'sandbox'],
      ...[root, host, step.workdir, step.network ? 'on' : 'off', scratch],
      ...['/usr/bin/env', '-i', ...variables, ...command],
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
    return { source, place: points.at(encodeText(target), 'directory') };
  });
}

interface Bind {
  readonly source: string;
  /** Relative to the root, without links on the way. */
  readonly place: ByteString;
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
    return { source, place: points.at(encodeText(path), 'file') };
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

const notStarted = (result: CommandResult): Error =>
  new Error(`the step's namespaces could not be set up: ${result.stderr.toString('utf8').trim()}`);
