import { createHash } from 'node:crypto';
import type { UserError } from '@nx-nixpack/base';
import type { ChannelAccess } from '../channel.js';
import { invalid } from '../failures.js';
import { ask } from '../http/ask.js';
import { below, fromMirrors } from '../http/mirrored.js';
import { decompressed, MAX_INDEX_BYTES } from './decompress.js';
import { PackagesFile } from './packages-file.js';
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
    return answer && checkedSuite(name, answer.bytes, access);
  });
}

async function checkedSuite(
  name: string,
  inRelease: Buffer,
  { trust }: ChannelAccess,
): Promise<SuiteFiles> {
  const text = await signedText(
    `InRelease of ${name}`,
    inRelease.toString('utf8'),
    trust.debianKeys,
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
    const packed = remembered(file, access) ?? (await fetchIndex(place, file, access));
    if (packed === undefined) continue;
    return new PackagesFile((await decompressed(place.path, packed)).toString('latin1'));
  }
  return new PackagesFile('');
}

interface Place {
  readonly suite: string;
  readonly path: string;
  readonly byHash: boolean;
}

const memoryName = ({ sha256 }: IndexFile): string => `debian-${sha256}`;
const isSame = ({ sha256 }: IndexFile, bytes: Uint8Array): boolean =>
  createHash('sha256').update(bytes).digest('hex') === sha256;

function remembered(file: IndexFile, { memory }: ChannelAccess): Uint8Array | undefined {
  const bytes = memory.read(memoryName(file));
  return bytes !== undefined && isSame(file, bytes) ? bytes : undefined;
}

/** By its hash first: a mirror that is being updated has the old file under its hash still. */
async function fetchIndex(
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
      if (isSame(file, answer.bytes)) {
        access.memory.write(memoryName(file), answer.bytes);
        return answer.bytes;
      }
      stale = invalid(`${path} of ${suite} is not what InRelease says`);
    }
    if (stale !== undefined) throw stale;
    return undefined;
  });
}
