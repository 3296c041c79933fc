import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, syncDirectory } from '@nx-nixpack/base';
import { type Digest, digestOf, hexOf } from '../digest.js';
import { putInPlace, readPlainText } from './plain-file.js';

/** Records are small: what is larger was not written by us. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * A record as it is stored. It says itself what it is and whose it is, and a digest binds all of it together: one that was
 * edited, cut off, or moved or copied to the place of another is none.
 */
interface Stored {
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
  readonly digest: Digest;
}

/** The value of a record; undefined when there is none or it is not what was written under this name. */
export function readStored(directory: string, kind: string, key: string): unknown {
  const text = readPlainText(recordPath(directory, key), MAX_BYTES);
  const stored = text === undefined ? undefined : parse(text);
  if (stored?.kind !== kind || stored.key !== key) return undefined;
  return stored.digest === bindingOf(kind, key, stored.value) ? stored.value : undefined;
}

/** Replaces a record as a whole. `temporary`: a path of the same file system that nothing else uses. */
export function writeStored(
  directory: string,
  temporary: string,
  { kind, key, value }: Omit<Stored, 'digest'>,
): void {
  const stored: Stored = { kind, key, value, digest: bindingOf(kind, key, value) };
  try {
    writeDurably(temporary, Buffer.from(`${JSON.stringify(stored)}\n`));
    putInPlace(temporary, recordPath(directory, key));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(directory);
}

const recordPath = (directory: string, key: string): string =>
  join(directory, `${hexOf(digestOf(key))}.json`);

const bindingOf = (kind: string, key: string, value: unknown): Digest =>
  digestOf(canonicalJson({ kind, key, value }));

function parse(text: string): Partial<Stored> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    for (let offset = 0; offset < bytes.byteLength;)
      offset += writeSync(file, bytes, offset, bytes.byteLength - offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
