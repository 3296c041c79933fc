import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sanitize, UserError, type ByteString, type Runner } from '@nx-nixpack/base';
import { below, diskPath, lstat, type DiskPath } from './disk.js';
import { runProgram } from '../programs.js';
import { SnapshotDamaged, type Snapshot, type Snapshots } from '../snapshots/snapshots.js';

/** Neither of them may steer a mount by attributes that a layer brought along, nor share inode tables. */
const OPTIONS = 'metacopy=off,index=off,redirect_dir=off,xino=off';

/** Trees on top of each other, the lowest first: a base's root and what steps added to it. */
export type Stack = readonly Snapshot[];

/** A stack as one tree. */
export interface TreeView {
  readonly root: DiskPath;
  /** Where a file of the view lies in the store. It must be visible in the view. */
  origin(path: ByteString): DiskPath;
}

/** Mounts stacks inside the worker's mount namespace; the mounts end with it. */
export class Views {
  readonly #runner: Runner;
  readonly #snapshots: Snapshots;
  readonly #directory: string;
  readonly #mounted = new Map<string, TreeView>();
  #count = 0;

  constructor(runner: Runner, snapshots: Snapshots, directory: string) {
    this.#runner = runner;
    this.#snapshots = snapshots;
    this.#directory = directory;
  }

  /** The stack, read only. Mounted once and kept. Throws SnapshotDamaged. */
  async readOnly(stack: Stack): Promise<TreeView> {
    const name = stack.map(({ key }) => key).join();
    const known = this.#mounted.get(name);
    if (known) return known;
    for (const snapshot of stack) this.#snapshots.verify(snapshot);
    const view = {
      root: await this.#mount(stack),
      origin: (path: ByteString) => originOf(stack, path),
    };
    this.#mounted.set(name, view);
    return view;
  }

  /**
   * The stack with a writable directory on top. `upper` must be empty and lie on the store's file system. With `passing`,
   * what is written need not reach the disk: nobody keeps it.
   */
  async writable(
    stack: Stack,
    upper: string,
    work: string,
    { passing = false }: { readonly passing?: boolean } = {},
  ): Promise<{ root: string; end(): Promise<void> }> {
    for (const snapshot of stack) this.#snapshots.verify(snapshot);
    const directory = this.#links(stack);
    symlinkSync(upper, join(directory, 'upper'));
    symlinkSync(work, join(directory, 'work'));
    const root = join(directory, 'root');
    const lower = lowerNames(stack);
    const options = `lowerdir=${lower},upperdir=upper,workdir=work,nodev,${OPTIONS}`;
    const mount = (more = ''): Promise<void> => this.#overlay(stack, directory, options + more);
    // Kernels before 5.10 do not know it.
    await (passing ? mount(',volatile').catch(() => mount()) : mount());
    return {
      root,
      end: async () => void (await runProgram(this.#runner, 'umount', ['--recursive', root])),
    };
  }

  async #mount(stack: Stack): Promise<DiskPath> {
    const [only, ...more] = stack;
    if (only && more.length === 0) return only.tree;
    const directory = this.#links(stack);
    await this.#overlay(stack, directory, `lowerdir=${lowerNames(stack)},ro,${OPTIONS}`);
    return diskPath(join(directory, 'root'));
  }

  /** Options of a mount end after 4096 bytes and give `:` and `,` a meaning: short names beside each other avoid both. */
  #links(stack: Stack): string {
    const directory = join(this.#directory, `view-${this.#count++}`);
    mkdirSync(join(directory, 'root'), { recursive: true });
    stack.forEach(({ tree }, index) =>
      symlinkSync(Buffer.from(tree, 'latin1'), join(directory, String(index))),
    );
    return directory;
  }

  async #overlay(stack: Stack, cwd: string, options: string): Promise<void> {
    const args = ['-t', 'overlay', '-o', options, 'nixpack', 'root'];
    try {
      await runProgram(this.#runner, 'mount', args, { cwd });
    } catch (error) {
      // Another build may have found it damaged and put it away.
      const gone = stack.find(({ tree }) => lstat(tree) === undefined);
      throw gone ? new SnapshotDamaged(gone.key) : overlayRefused(error);
    }
  }
}

/** The highest first, as overlay wants them. */
const lowerNames = (stack: Stack): string => [...stack.keys()].reverse().join(':');

function originOf(stack: Stack, path: ByteString): DiskPath {
  for (const { tree } of [...stack].reverse()) {
    const candidate = below(tree, path);
    if (lstat(candidate)) return candidate;
  }
  throw new Error(`${path} is not in the view`);
}

const overlayRefused = (cause: unknown): UserError =>
  new UserError(
    {
      code: 'ENGINE_UNAVAILABLE',
      message: `The directory of the store cannot be used for overlay mounts: ${sanitize(String(cause))}`,
      hint: 'Set NX_NIXPACK_STORE to a directory on a disk or volume, not on an overlay such as the root of a container.',
    },
    { cause },
  );
