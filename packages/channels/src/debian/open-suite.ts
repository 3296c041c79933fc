import { createHash } from 'node:crypto';
import type { UserError } from '@nx-nixpack/base';
import type { ChannelAccess, Mirror } from '../channel.js';
import { invalid } from '../failures.js';
import { ask } from '../http/ask.js';
import { below, fromMirrors } from '../http/mirrored.js';
import { decompressed, MAX_INDEX_BYTES } from './decompress.js';
import { PackagesFile } from './packages-file.js';
import { reduced } from './reduced.js';
import { readReleaseFile, type IndexFile, type ReleaseFile } from './release-file.js';
import { signedText } from './signed-text.js';

/** A part of a release: `trixie`, `trixie-updates`, `trixie-security`. */
export interface SuiteFiles {
  readonly name: string;
  /** The signed file as it came: whoever has the same has the same packages. */
  readonly inRelease: Buffer;
  readonly release: ReleaseFile;
}

const MAX_RELEASE_BYTES = 4 * 1024 * 1024;

/** The signed description of a suite; undefined when no mirror has the suite. Throws UserError. */
export async function openSuite(
  name: string,
  access: ChannelAccess,
): Promise<SuiteFiles | undefined> {
  return fromMirrors('debian', access, async (mirror) => {
    const url = below(mirror, `dists/${name}/InRelease`);
    const answer = await ask({ channel: 'debian', url, limit: MAX_RELEASE_BYTES }, access);
    return answer && checkedSuite(name, answer.bytes, mirror, access);
  });
}

async function checkedSuite(
  name: string,
  inRelease: Buffer,
  { keys }: Mirror,
  { trust }: ChannelAccess,
): Promise<SuiteFiles> {
  const text = await signedText(
    `InRelease of ${name}`,
    inRelease.toString('utf8'),
    keys ?? trust.debianKeys,
    { frozen: !trust.debianExpiry },
  );
  const release = readReleaseFile(text);
  // A mirror that serves an older release under a newer name would otherwise be believed.
  if (release?.codename !== name) throw invalid(`InRelease of ${name} describes another suite`);
  if (trust.debianExpiry && (release.validUntil ?? Infinity) < Date.now())
    throw invalid(`InRelease of ${name} has expired: the mirror is not kept up to date`);
  return { name, inRelease, release };
}

/** gzip is five times as fast here as xz; security suites have xz alone. */
const ENDINGS = ['.gz', '.xz', ''];

/** The packages of a suite for one architecture, as its signed description has them. */
export async function suitePackages(
  { name, release }: SuiteFiles,
  architecture: string,
  access: ChannelAccess,
): Promise<PackagesFile> {
  const plain = `main/binary-${architecture}/Packages`;
  for (const ending of ENDINGS) {
    const file = release.file(`${plain}${ending}`);
    if (file === undefined) continue;
    const place = { path: `${plain}${ending}`, suite: name, byHash: release.byHash };
    const text = remembered(file, access) ?? (await fetchIndex(place, file, access));
    if (text !== undefined) return new PackagesFile(text);
  }
  return new PackagesFile('');
}

/** What is remembered of an index is what it was reduced to, with a hash of its own: it was compared when it came. */
const memoryName = ({ sha256 }: IndexFile): string => `debian-${sha256}-1`;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const HASH_LENGTH = 64;

function remembered(file: IndexFile, { memory }: ChannelAccess): string | undefined {
  const bytes = memory.read(memoryName(file));
  if (bytes === undefined) return undefined;
  const [head, body] = [bytes.subarray(0, HASH_LENGTH), bytes.subarray(HASH_LENGTH)];
  const isWhole = Buffer.from(head).toString('latin1') === hashOf(body);
  return isWhole ? Buffer.from(body).toString('latin1') : undefined;
}

function remember(file: IndexFile, text: string, { memory }: ChannelAccess): void {
  const body = Buffer.from(text, 'latin1');
  memory.write(memoryName(file), Buffer.concat([Buffer.from(hashOf(body), 'latin1'), body]));
}

interface Place {
  readonly suite: string;
  readonly path: string;
  readonly byHash: boolean;
}

async function fetchIndex(
  place: Place,
  file: IndexFile,
  access: ChannelAccess,
): Promise<string | undefined> {
  const packed = await fetchPacked(place, file, access);
  if (packed === undefined) return undefined;
  const text = reduced((await decompressed(place.path, packed)).toString('latin1'));
  remember(file, text, access);
  return text;
}

/** By its hash first: a mirror that is being updated has the old file under its hash still. */
function fetchPacked(
  { suite, path, byHash }: Place,
  file: IndexFile,
  access: ChannelAccess,
): Promise<Uint8Array | undefined> {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const paths = [...(byHash ? [`${folder}/by-hash/SHA256/${file.sha256}`] : []), path];
  const limit = Math.min(file.size, MAX_INDEX_BYTES);
  return fromMirrors('debian', access, async (mirror) => {
    let stale: UserError | undefined;
    for (const one of paths) {
      const url = below(mirror, `dists/${suite}/${one}`);
      const answer = await ask({ channel: 'debian', url, limit }, access);
      if (answer === undefined) continue;
      if (hashOf(answer.bytes) === file.sha256) return answer.bytes;
      stale = invalid(`${path} of ${suite} is not what InRelease says`);
    }
    if (stale !== undefined) throw stale;
    return undefined;
  });
}
