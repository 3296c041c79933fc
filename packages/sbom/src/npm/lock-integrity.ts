import { baseName, type ByteString, encodeText, parentOf } from '@nx-nixpack/base';
import { orProblem, type Problem } from '../cataloger.js';
import { type ImageView } from '../image-view.js';
import { objectOf, readJsonObject, textOf } from '../json-object.js';
import type { Hash } from '../package-graph.js';

type Lock = ReadonlyMap<
  ByteString,
  { readonly version?: string; readonly hashes: readonly Hash[] }
>;

/** Archive hashes by place, from npm's hidden lock in node_modules or the package-lock.json beside it. */
export class LockIntegrity {
  readonly #locks = new Map<ByteString, Lock>();

  constructor(paths: readonly ByteString[], image: ImageView, problems: Problem[]) {
    // A hidden lock describes what is installed, package-lock.json what was asked for: the hidden one is read last and wins.
    const ordered = [...paths].sort((a, b) => Number(isHidden(a)) - Number(isHidden(b)));
    for (const path of ordered) {
      const lock = orProblem(path, problems, () => readLock(image, path));
      if (lock) this.#locks.set(isHidden(path) ? parentOf(parentOf(path)) : parentOf(path), lock);
    }
  }

  /** Hashes of the archive that `version` of the package at `place` came from; none when no lock says so. */
  hashes(place: ByteString, version: string): readonly Hash[] {
    for (let root = parentOf(place); ; root = parentOf(root)) {
      const entry = this.#locks.get(root)?.get(root === '' ? place : place.slice(root.length + 1));
      if (entry?.version === version) return entry.hashes;
      if (root === '') return [];
    }
  }
}

const isHidden = (path: ByteString): boolean => baseName(path) === '.package-lock.json';

function readLock(image: ImageView, path: ByteString): Lock {
  const lock = new Map<ByteString, { version?: string; hashes: Hash[] }>();
  const packages = objectOf(readJsonObject(image, path)['packages']) ?? {};
  for (const [place, value] of Object.entries(packages)) {
    const entry = objectOf(value);
    const version = textOf(entry?.['version']);
    const hashes = integrityHashes(textOf(entry?.['integrity']) ?? '');
    lock.set(encodeText(place), { ...(version !== undefined && { version }), hashes });
  }
  return lock;
}

const ALGORITHMS = new Map<string, Hash['algorithm']>([
  ['sha1', 'sha-1'],
  ['sha256', 'sha-256'],
  ['sha512', 'sha-512'],
]);

/** Subresource integrity (`sha512-…`, several separated by spaces) as hashes; unknown algorithms are left out. */
function integrityHashes(integrity: string): Hash[] {
  return integrity.split(/\s+/).flatMap((part) => {
    const dash = part.indexOf('-');
    const algorithm = ALGORITHMS.get(part.slice(0, dash));
    const hex = Buffer.from(part.slice(dash + 1).replace(/\?.*$/, ''), 'base64').toString('hex');
    return algorithm === undefined || hex === '' ? [] : [{ algorithm, hex }];
  });
}
