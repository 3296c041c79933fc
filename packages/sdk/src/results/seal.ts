import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { commitFile, readPlainFile, UserError } from '@nx-nixpack/base';
import { digestOf, hexOf } from '@nx-nixpack/oci';
import { readOutput, rejected } from '../records/outputs.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the records of results are sealed and what is asked of a seal. */
export interface SealOptions {
  /** Where the key is named: NX_NIXPACK_RESULT_KEY, or NX_NIXPACK_RESULT_KEY_FILE. */
  readonly environment?: Environment;
  /** Refuse results that were not sealed with the key. */
  readonly requireSigned?: boolean;
}

/** Names a record's kind, so that the seal of one is not a seal of the other. */
export type SealedKind = 'image' | 'sbom';

const KEY = 'NX_NIXPACK_RESULT_KEY';
/** Variables that name the key: nothing of a build may ask for them. */
export const KEY_VARIABLES: readonly string[] = [KEY, `${KEY}_FILE`];
/** A key shorter than the digest could be guessed more easily than the digest. */
const MIN_KEY_BYTES = 32;
const MAX_KEY_BYTES = 64 * 1024;
const MAX_SEAL_BYTES = 1024;
const FILE = 'seal';

/**
 * Writes the seal of a record beside it: with a key its HMAC-SHA256, which only those who have the key can make, otherwise
 * its SHA-256, which tells of damage. It lies beside the record and not in it, so that the record, which is a cache key,
 * is the same with every key.
 */
export function writeSeal(
  folder: string,
  kind: SealedKind,
  record: Uint8Array,
  { environment = {} }: SealOptions,
): void {
  const key = resultKey(environment);
  commitFile(join(folder, FILE), key === undefined ? plain(record) : signed(kind, record, key));
}

/** Throws UserError CACHE_RESULT_REJECTED when the seal is missing, of another record, or not of the kind that is required. */
export function checkSeal(
  folder: string,
  kind: SealedKind,
  task: string,
  record: Uint8Array,
  { environment = {}, requireSigned = false }: SealOptions,
): void {
  const path = join(folder, FILE);
  const seal = readOutput(path, task, MAX_SEAL_BYTES);
  const key = resultKey(environment);
  if (requireSigned && key === undefined) throw noKey();
  const isSigned = /^hmac-sha256 [0-9a-f]{64}\n$/.test(seal.toString('latin1'));
  if (requireSigned && !isSigned)
    throw rejected(`${path} is not signed, and signed results are required`, task);
  // Without the key nobody can tell whether a signature is right; then the record is as good as an unsigned one.
  if (isSigned && key === undefined) return;
  const wanted = isSigned && key !== undefined ? signed(kind, record, key) : plain(record);
  if (!same(seal, wanted)) throw rejected(`${path} is not the seal of the record beside it`, task);
}

const plain = (record: Uint8Array): string => `sha256 ${hexOf(digestOf(record))}\n`;

const signed = (kind: SealedKind, record: Uint8Array, key: Uint8Array): string =>
  `hmac-sha256 ${createHmac('sha256', key).update(`nx-nixpack ${kind}\n`).update(record).digest('hex')}\n`;

function same(seal: Buffer, wanted: string): boolean {
  const bytes = Buffer.from(wanted);
  return seal.byteLength === bytes.byteLength && timingSafeEqual(seal, bytes);
}

function resultKey(environment: Environment): Buffer | undefined {
  const [text, path] = KEY_VARIABLES.map((name) => environment[name] || undefined);
  if (text !== undefined) return longEnough(Buffer.from(text), KEY);
  if (path === undefined) return undefined;
  const bytes = readPlainFile(path, MAX_KEY_BYTES, { follow: true });
  if ('problem' in bytes) throw badKey(`The file that ${KEY}_FILE names ${bytes.problem}`);
  return longEnough(bytes, `the file that ${KEY}_FILE names`);
}

/** The line break that editors and `echo` leave at the end is not part of a key. */
function longEnough(bytes: Buffer, where: string): Buffer {
  const key = bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes;
  if (key.byteLength >= MIN_KEY_BYTES) return key;
  throw badKey(`The key of ${where} has less than ${MIN_KEY_BYTES} bytes`);
}

const badKey = (message: string): UserError =>
  new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message,
    hint: 'Make a key with `openssl rand -hex 32` and keep it where only trusted builds read it.',
  });

const noKey = (): UserError =>
  badKey(`Signed results are required, and neither ${KEY} nor ${KEY}_FILE is set`);
