import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, type ByteString, encodeText } from '@nx-nixpack/base';
import { isDigest, type Digest, type Store } from '@nx-nixpack/oci';
import type { Step } from '../../../recipe/recipe.js';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { readCapabilities } from '../trees/capabilities.js';
import { diskPath, lstat, onDisk, permissions, type DiskPath } from '../trees/disk.js';
import { copyCapabilities } from './copy-capabilities.js';
import { commandFailed, Tail, type MissingPrograms } from '../../command-failed.js';
import { lockFile, withLocks } from '../snapshots/lock.js';
import { MountPoints } from '../sandbox/mount-points.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';
import { runInSandbox, type SandboxPorts } from '../sandbox/sandbox.js';
import { digestOfSelection, executablesIn, select, type Selected } from './selection.js';
import type { Snapshot, Snapshots } from '../snapshots/snapshots.js';
import { EARLIEST_TIME } from '../snapshots/source-snapshot.js';
import { stepKey } from './step-key.js';
import type { Stack, TreeView, Views } from '../trees/tree-view.js';
import { unpackArchives } from './unpack-archives.js';
import { Upper } from './upper.js';

type CopyStep = Extract<Step, { kind: 'copy' }>;
type RunStep = Extract<Step, { kind: 'run' }>;
type UnpackStep = Extract<Step, { kind: 'unpack' }>;
/** What is written without a mount. */
type PlacedStep = Exclude<Step, RunStep | UnpackStep>;

export interface StepPorts extends SandboxPorts {
  readonly store: Store;
  readonly snapshots: Snapshots;
  readonly views: Views;
  readonly locks: string;
  readonly created: number;
  /** Whether records of the store are believed; without that, what they say is found out again. */
  readonly believe: boolean;
  readonly programs: MissingPrograms;
  /** Takes secrets out of a line. */
  readonly redact: (line: string) => string;
  readonly onOutput: (line: string) => void;
  readonly onWait: () => void;
}

/** Carries out one step on a stack, or finds what it left before. */
export class StepRunner {
  readonly #ports: StepPorts;
  readonly #stackOf: (from: CopyStep['from']) => Stack;

  constructor(ports: StepPorts, stackOf: (from: CopyStep['from']) => Stack) {
    this.#ports = ports;
    this.#stackOf = stackOf;
  }

  async run(
    stack: Stack,
    parent: Digest,
    step: Step,
  ): Promise<{ snapshot: Snapshot; cached: boolean }> {
    const reads = step.kind === 'copy' ? await this.#reads(step) : undefined;
    const key = stepKey(parent, step, this.#ports, reads);
    const { snapshots } = this.#ports;
    const known = snapshots.find(key);
    if (known) return { snapshot: known, cached: true };
    if (step.kind !== 'run' && step.kind !== 'unpack')
      return { snapshot: await this.#place(stack, key, step), cached: false };
    return this.#exclusively([lockFile('step', key)], async () => {
      // Another build may have run it while this one waited.
      const made = snapshots.find(key);
      if (made) return { snapshot: made, cached: true };
      if (step.kind === 'unpack')
        return { snapshot: await this.#unpack(stack, key, step), cached: false };
      const caches = step.caches.map(({ id }) => lockFile('cache', id));
      const snapshot = await this.#exclusively(caches, () => this.#command(stack, key, step));
      return { snapshot, cached: false };
    });
  }

  /** The content that a copy reads, remembered by the trees that it reads from. */
  async #reads(step: CopyStep): Promise<Digest> {
    const stack = this.#stackOf(step.from);
    const { store } = this.#ports;
    const from = stack.map(({ key, fingerprint }) => [key, fingerprint]);
    const name = JSON.stringify({ from, paths: step.paths, except: step.except ?? [] });
    const known = this.#ports.believe ? store.readRecord('embedded-reads', name) : undefined;
    if (isDigest(known)) return known;
    const { root } = await this.#ports.views.readOnly(stack);
    const selection = (): Iterable<Selected> => select(root, step.paths, step.except);
    // Nothing in a source has any.
    const capabilities: Capabilities =
      step.from === 'source'
        ? new Map()
        : await this.#capabilities(root, executablesIn(selection()));
    const digest = digestOfSelection(root, selection(), capabilities);
    store.writeRecord('embedded-reads', name, digest);
    return digest;
  }

  async #place(stack: Stack, key: Digest, step: PlacedStep): Promise<Snapshot> {
    const prepared = this.#newDirectory();
    const view = await this.#ports.views.readOnly(stack);
    const upper = new Upper(diskPath(join(prepared, 'tree')), view.root);
    await this.#write(upper, step);
    return this.#ports.snapshots.commit(key, prepared);
  }

  async #write(upper: Upper, step: PlacedStep): Promise<void> {
    if (step.kind === 'write') {
      const seconds = Math.max(this.#ports.created, EARLIEST_TIME);
      return upper.write(relative(step.path), step.content, step.mode, seconds);
    }
    if (step.kind === 'directory') return upper.directory(relative(step.path), step.mode);
    const from: TreeView = await this.#ports.views.readOnly(this.#stackOf(step.from));
    const selection = select(from.root, step.paths, step.except);
    const executables = upper.copy(from, selection, relative(step.to));
    if (step.from === 'source') return;
    await copyCapabilities({ ...this.#ports, scratch: this.#ports.private }, from, executables);
  }

  async #unpack(stack: Stack, key: Digest, step: UnpackStep): Promise<Snapshot> {
    const { prepared, mounted } = await this.#mounted(stack);
    await unpackArchives(this.#ports, mounted.root, step).finally(() => mounted.end());
    return this.#ports.snapshots.commit(key, prepared);
  }

  async #command(stack: Stack, key: Digest, step: RunStep): Promise<Snapshot> {
    const { prepared, upper, mounted } = await this.#mounted(stack);
    const points = new MountPoints(diskPath(mounted.root));
    await this.#execute(mounted.root, points, step).finally(() => mounted.end());
    points.remove(diskPath(upper));
    const tree = diskPath(upper);
    // Whatever a command leaves shows in its fingerprint: it may leave something else when it runs again.
    const capabilities = await this.#capabilities(tree, executablesIn(select(tree, ['.'])));
    return this.#ports.snapshots.commit(key, prepared, capabilities);
  }

  async #mounted(stack: Stack) {
    const prepared = this.#newDirectory();
    const upper = join(prepared, 'tree');
    await this.#likeBelow(upper, stack);
    const mounted = await this.#ports.views.writable(stack, upper, this.#newDirectory());
    return { prepared, upper, mounted };
  }

  #capabilities(root: DiskPath, paths: Iterable<ByteString>): Promise<Capabilities> {
    const { runner, private: scratch } = this.#ports;
    return readCapabilities({ runner, scratch }, root, [...paths]);
  }

  async #execute(root: string, points: MountPoints, step: RunStep): Promise<void> {
    const tail = new Tail();
    const place = resolveInRoot(diskPath(root), relative(step.workdir));
    mkdirSync(onDisk(bytes`${diskPath(root)}/${place}`), { recursive: true });
    const result = await runInSandbox(this.#ports, { root, points }, step, (line) => {
      const shown = this.#ports.redact(line);
      this.#ports.onOutput(shown);
      tail.add(shown);
    });
    if (result.exitCode !== 0) throw commandFailed(step, result, tail.lines, this.#ports.programs);
  }

  /** The upper directory's own attributes become the root's. */
  async #likeBelow(upper: string, stack: Stack): Promise<void> {
    mkdirSync(upper);
    const top = stack.at(-1);
    const stats = top && lstat(top.tree);
    if (!stats) return;
    chownSync(upper, stats.uid, stats.gid);
    chmodSync(upper, permissions(stats));
  }

  #newDirectory(): string {
    const path = join(this.#ports.session, randomBytes(8).toString('hex'));
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  #exclusively<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
    const { runner, locks, onWait } = this.#ports;
    return withLocks({ runner, directory: locks }, files, onWait, work);
  }
}

const relative = (path: string): ByteString => encodeText(path.replace(/^\/+/, ''));
