import { type ByteString, encodeText } from '@nx-nixpack/base';
import { orProblem, type Finding, type Problem } from '../cataloger.js';
import { type ImageView, Unreadable } from '../image-view.js';
import type { License } from '../package-graph.js';
import { packageUrl } from '../package-url.js';
import type { Stanza } from './control.js';
import { copyrightLicenses } from './debian-licenses.js';
import type { Release } from './release.js';

/** Where dpkg keeps the list of each package's files. */
export const INFO = 'var/lib/dpkg/info/';

/** An installed package and the files that list what it owns. */
export interface DebianPackage {
  readonly stanza: Stanza;
  readonly finding: Finding;
  readonly lists: readonly ByteString[];
}

/** What one stanza does not say. */
export interface Surroundings {
  readonly image: ImageView;
  /** Every path that may be a list of files. */
  readonly names: ReadonlySet<ByteString>;
  readonly release: Release;
  readonly problems: Problem[];
}

/** The package of one stanza of the file `path`. Throws Unreadable. */
export function readDebianPackage(
  stanza: Stanza,
  path: ByteString,
  around: Surroundings,
): DebianPackage {
  const name = stanza.get('package');
  const version = stanza.get('version');
  if (!name || !version)
    throw new Unreadable(`has a package without ${name ? 'a version' : 'a name'}`);
  const arch = stanza.get('architecture');
  const { id, distro } = around.release;
  const purl = packageUrl('deb', id, name, version, {
    ...(arch && { arch }),
    ...(distro && { distro }),
  });
  const supplier = stanza.get('maintainer')?.replace(/\s*<.*$/, '');
  const description = stanza.get('description')?.split('\n')[0];
  const lists = fileLists(name, arch, path, around.names);
  const details = {
    name,
    version,
    purl,
    licenses: { declared: licenses(name, around) },
    hashes: [],
    properties: {
      ...(arch && { 'deb:architecture': arch }),
      'deb:source': stanza.get('source') ?? name,
    },
    ...(supplier && { supplier }),
    ...(description && { description }),
  };
  // The list tells the layer that installed the package; the database is rewritten by every later one.
  const finding: Finding = {
    key: purl,
    place: lists[0] ?? path,
    technique: 'manifest-analysis',
    package: details,
  };
  return { stanza, finding, lists };
}

function fileLists(
  name: string,
  arch: string | undefined,
  status: ByteString,
  names: ReadonlySet<ByteString>,
): ByteString[] {
  const candidates = [
    `${INFO}${name}.list`,
    `${INFO}${name}:${arch}.list`,
    `${status}.md5sums`,
  ].map(encodeText);
  return candidates.filter((candidate) => names.has(candidate));
}

function licenses(name: string, around: Surroundings): License[] {
  const path = encodeText(`usr/share/doc/${name}/copyright`);
  if (!around.image.isFile(path)) return [];
  // Many copyright files are Latin-1; the names of licenses are ASCII in all of them.
  return (
    orProblem(path, around.problems, () =>
      copyrightLicenses(around.image.bytes(path).toString('latin1')),
    ) ?? []
  );
}
