import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskTree } from '../disk-tree.js';
import { diskState, EVERYTHING } from './disk-state.contract.js';

/** A directory with room for roots, and one beside them that must stay as it is. */
export class Canary {
  readonly top = mkdtempSync(join(tmpdir(), 'hostile-'));
  readonly outside = { path: join(this.top, 'outside') };
  readonly #before: ReadonlyMap<string, string>;

  constructor() {
    const { path } = this.outside;
    mkdirSync(join(path, 'deep/er'), { recursive: true, mode: 0o750 });
    writeFileSync(join(path, 'canary'), 'alive', { mode: 0o640 });
    writeFileSync(join(path, 'deep/su'), 'alive');
    chmodSync(join(path, 'deep/su'), 0o4755);
    symlinkSync('canary', join(path, 'link'));
    for (const name of ['canary', 'deep/su', 'deep', '']) utimesSync(join(path, name), 999, 999);
    this.#before = diskState(path, EVERYTHING);
  }

  /** A new empty root beside `outside`. */
  root(): string {
    const root = join(mkdtempSync(join(this.top, 'root-')));
    chmodSync(root, 0o755);
    return root;
  }

  /** What is not as it was. */
  harm(): string[] {
    const now = diskState(this.outside.path, EVERYTHING);
    const paths = new Set([...this.#before.keys(), ...now.keys()]);
    return [...paths].filter((path) => this.#before.get(path) !== now.get(path));
  }

  /** Node's own way takes seconds for 1,500 directories one in the other. */
  remove(): void {
    const tree = new DiskTree(this.top);
    for (const name of tree.namesIn(tree.root)) tree.remove(tree.root, name);
    tree.close();
    rmdirSync(this.top);
  }
}
