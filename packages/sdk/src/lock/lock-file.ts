import { join } from 'node:path';
import { readPlainFile, UserError } from '@nx-nixpack/base';
import {
  count,
  documented,
  jsonSchemaOf,
  list,
  mapOf,
  oneOf,
  optional,
  orEmpty,
  parseJson,
  PLATFORMS,
  readShape,
  struct,
  text,
  type Infer,
} from '@nx-nixpack/data';
import { releaseName, runtimeVersion } from '@nx-nixpack/engine/provision';
import { digest } from '../records/fields.js';

/** The committed file that says what bases and toolchains are, so that they are the same tomorrow and elsewhere. */
export const LOCK_FILE = 'nixpack.lock.json';

const string = text();
const platform = oneOf(...PLATFORMS);
/** Ids of `archives`. */
const ids = list(string);

const lockedToolchain = struct({
  /** Of what was asked for: another request is resolved anew. */
  request: digest,
  release: releaseName,
  base: optional(ids),
  run: ids,
  build: ids,
  runtimes: list(
    struct({
      name: string,
      version: runtimeVersion,
      wanted: string,
      archives: ids,
      env: mapOf(string, string),
    }),
  ),
});

const lockedArchive = struct({
  integrity: documented(
    '`sha256-`, `sha512-` or `h1-` (a Go module) and the hash in base64',
    string,
  ),
  size: documented('Bytes', count),
  path: documented('Where it lies below a mirror of its channel', string),
});

const lockFile = struct({
  $schema: optional(string),
  version: optional(oneOf(1)),
  images: documented(
    'Base images: reference, then platform, to digest',
    orEmpty(mapOf(string, mapOf(platform, digest))),
  ),
  toolchains: documented(
    'What toolchains bring: `<deployment>/nixpack/<component>`, then platform',
    orEmpty(mapOf(string, mapOf(platform, lockedToolchain))),
  ),
  archives: documented('What the ids of toolchains mean', orEmpty(mapOf(string, lockedArchive))),
});

/** The JSON schema of the file, published as nixpack.lock.schema.json. */
export const LOCK_SCHEMA = jsonSchemaOf(lockFile);

export type LockFile = Infer<typeof lockFile>;
export type LockedToolchain = Infer<typeof lockedToolchain>;

export const EMPTY_LOCK: LockFile = { images: {}, toolchains: {}, archives: {} };

/** Room for some hundred components; a larger file is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The lock file of a workspace; empty where there is none. Throws UserError BASE_INVALID for one that cannot be read. */
export function readLock(workspaceRoot: string): LockFile {
  const bytes = readPlainFile(join(workspaceRoot, LOCK_FILE), MAX_BYTES, { follow: true });
  if (!('problem' in bytes)) return parseLock(bytes.toString('utf8'));
  if (bytes.missing) return EMPTY_LOCK;
  throw invalidLock(bytes.problem);
}

function parseLock(source: string): LockFile {
  try {
    const { value, faults } = readShape(lockFile, parseJson(source));
    if (value !== undefined) return value;
    throw invalidLock(`is not a lock file: ${faults[0]?.message ?? ''}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw invalidLock('is not a lock file');
  }
}

/** What is wrong with the file as a whole. */
export const invalidLock = (problem: string): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: `${LOCK_FILE} ${problem}`,
    hint: 'Restore it from version control, or write it anew with nx g nx-nixpack:lock.',
    at: { file: LOCK_FILE, line: 1, column: 1 },
  });
