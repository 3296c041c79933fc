import { type ByteString, type Entry, encodeText, joinPath } from '@nx-nixpack/base';
import { attempt, type Cataloger, type Finding, type Problem } from '../cataloger.js';
import { relations, readStanzas, type Stanza } from '../dpkg/control.js';
import { copyrightLicences } from '../dpkg/debian-licences.js';
import { Owners } from '../dpkg/owners.js';
import { type ImageView, Unreadable } from '../image-view.js';
import { packageUrl } from '../package-url.js';
import type { Licence, PackageEdge } from '../package-graph.js';

const STATUS = 'var/lib/dpkg/status';
/** Distroless images keep one stanza a file here. */
const STATUS_DIRECTORY = 'var/lib/dpkg/status.d/';
const INFO = 'var/lib/dpkg/info/';

/** Debian packages that dpkg counts as installed, and which files they own. */
export const dpkg: Cataloger = {
  name: 'dpkg',
  type: 'deb',
  wants: ({ path }) =>
    path === STATUS ||
    path.startsWith(STATUS_DIRECTORY) ||
    (path.startsWith(INFO) && path.endsWith('.list')),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const names = new Set(wanted.map((entry) => entry.path));
    const release = readRelease(image);
    const statuses = wanted.filter(isStatus).map((entry) => entry.path);
    const installed = statuses.flatMap((path) =>
      readStatus(path, { image, names, release, problems }),
    );
    const owners = new Owners(
      image,
      new Map(installed.flatMap((one) => one.lists.map((list) => [list, one.finding.key]))),
    );
    return {
      findings: installed.map((one) => one.finding),
      edges: edgesOf(installed),
      problems,
      owner: (path) => owners.owner(path),
    };
  },
};

interface DebianPackage {
  readonly stanza: Stanza;
  readonly finding: Finding;
  readonly lists: readonly ByteString[];
}

interface Release {
  readonly id: string;
  readonly distro?: string;
}

interface Surroundings {
  readonly image: ImageView;
  readonly names: ReadonlySet<ByteString>;
  readonly release: Release;
  readonly problems: Problem[];
}

const isStatus = ({ path }: Entry): boolean => !path.startsWith(INFO) && !path.endsWith('.md5sums');

/** The distribution's name for package addresses, from os-release. */
function readRelease(image: ImageView): Release {
  const path = ['etc/os-release', 'usr/lib/os-release'].find((file) => image.isFile(file));
  const text = (path && attempt(path, [], () => image.text(path))) ?? '';
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}=["']?([\\w.-]+)`, 'm').exec(text)?.[1];
  const id = value('ID') ?? 'debian';
  const version = value('VERSION_ID');
  return { id, ...(version !== undefined && { distro: `${id}-${version}` }) };
}

function readStatus(path: ByteString, around: Surroundings): DebianPackage[] {
  const stanzas = attempt(path, around.problems, () => readStanzas(around.image.text(path))) ?? [];
  return stanzas
    .filter(isInstalled)
    .flatMap((stanza) => attempt(path, around.problems, () => read(stanza, path, around)) ?? []);
}

/** Removed packages stay in the database while their configuration does. Stanzas of status.d have no such field. */
function isInstalled(stanza: Stanza): boolean {
  const state = (stanza.get('status') ?? 'install ok installed').split(/\s+/)[2];
  return state !== 'not-installed' && state !== 'config-files';
}

/** Throws Unreadable. */
function read(stanza: Stanza, path: ByteString, around: Surroundings): DebianPackage {
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
    licences: { declared: licences(name, around) },
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

function licences(name: string, around: Surroundings): Licence[] {
  const path = joinPath(`usr/share/doc/${encodeText(name)}`, 'copyright');
  if (!around.image.isFile(path)) return [];
  // Many copyright files are Latin-1; the names of licences are ASCII in all of them.
  return (
    attempt(path, around.problems, () =>
      copyrightLicences(around.image.bytes(path).toString('latin1')),
    ) ?? []
  );
}

/** Every installed package that meets a requirement: by name, by `Provides`, in any of its alternatives. */
function edgesOf(installed: readonly DebianPackage[]): PackageEdge[] {
  const providers = new Map<string, string[]>();
  for (const { stanza, finding } of installed) {
    for (const name of [finding.package.name, ...relations(stanza.get('provides')).flat()]) {
      providers.set(name, [...(providers.get(name) ?? []), finding.key]);
    }
  }
  const edges = (one: DebianPackage, field: string, kind: PackageEdge['kind']): PackageEdge[] =>
    relations(one.stanza.get(field)).flatMap((alternatives) =>
      alternatives.flatMap((name) =>
        (providers.get(name) ?? []).map((to) => ({ from: one.finding.key, to, kind })),
      ),
    );
  return installed.flatMap((one) => [
    ...edges(one, 'pre-depends', 'runtime'),
    ...edges(one, 'depends', 'runtime'),
    ...edges(one, 'recommends', 'optional'),
  ]);
}
