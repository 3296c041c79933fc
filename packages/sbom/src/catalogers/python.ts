import { type ByteString, type Entry, encodeText, joinPath } from '@nx-nixpack/base';
import { attempt, type Cataloger, type Finding, keyAt, type Problem } from '../cataloger.js';
import { baseName, type ImageView, parentOf } from '../image-view.js';
import { objectOf, readJsonObject, textOf } from '../json-object.js';
import type { Hash, PackageEdge } from '../package-graph.js';
import * as metadata from '../python/metadata.js';

/**
 * Installed distributions: `*.dist-info` and `*.egg-info` of every environment, system or virtual. Copies that a
 * package carries inside itself (`setuptools/_vendor`) belong to that package, as for pip.
 */
export const python: Cataloger = {
  name: 'python',
  type: 'pypi',
  wants: (entry) => isEvidence(entry.path),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const files = wanted.flatMap((entry) => metadataFiles(entry, image, problems));
    const installed = [...new Set(files)].flatMap(
      (place) => attempt(place, problems, () => readDistribution(place, image)) ?? [],
    );
    const byName = new Map<string, Distribution[]>();
    for (const one of installed)
      byName.set(one.normalised, [...(byName.get(one.normalised) ?? []), one]);
    return {
      findings: installed.map((one) => one.finding),
      edges: installed.flatMap((one) => edgesOf(one, byName)),
      problems,
    };
  },
};

interface Distribution {
  readonly finding: Finding;
  readonly normalised: string;
  /** The directory on Python's path that it is imported from. */
  readonly site: ByteString;
  readonly requirements: readonly metadata.Requirement[];
}

function isEvidence(path: ByteString): boolean {
  const name = baseName(path);
  // pip renames what it is about to remove to ~ and ignores what an aborted removal left.
  if (/\/~[^/]*(?:\/[^/]*)?$/.test(path)) return false;
  if (name === 'METADATA')
    return parentOf(path).endsWith('.dist-info') && isOnPath(parentOf(parentOf(path)));
  const inSite = /\/(?:site|dist)-packages\/[^/]+(?:\/EGG-INFO)?(?:\/PKG-INFO)?$/.test(`/${path}`);
  if (name === 'PKG-INFO') return inSite && /(?:\.egg-info|\/EGG-INFO)$/.test(parentOf(path));
  return inSite && (name.endsWith('.egg-info') || name.endsWith('.egg-link'));
}

/** Whether Python may import from this directory: below site-packages only the directory itself counts. */
function isOnPath(directory: ByteString): boolean {
  const site = /\/(?:site|dist)-packages\//.exec(`/${directory}/`);
  return site === null || site.index + site[0].length === directory.length + 2;
}

/** The metadata that an entry stands for; a link of `setup.py develop` names the directory that has it. */
function metadataFiles(entry: Entry, image: ImageView, problems: Problem[]): ByteString[] {
  const { path } = entry;
  if (path.endsWith('.egg-info')) return image.isFile(path) ? [path] : [];
  if (!path.endsWith('.egg-link')) return [path];
  const target = attempt(path, problems, () => image.text(path).split('\n')[0]?.trim() ?? '') ?? '';
  const directory = encodeText(target.replace(/^\/+/, ''));
  const found = [...image.list(directory)].filter((one) => one.path.endsWith('.egg-info'));
  return found.map((one) => joinPath(one.path, 'PKG-INFO')).filter((file) => image.isFile(file));
}

/** Throws Unreadable. */
function readDistribution(place: ByteString, image: ImageView): Distribution {
  const fields = metadata.readMetadata(image.text(place));
  const name = metadata.one(fields, 'name') ?? '';
  const version = metadata.one(fields, 'version') ?? '';
  const purl = metadata.pythonPurl(name, version);
  const supplier = metadata.pythonSupplier(fields);
  const description = metadata.one(fields, 'summary');
  const details = {
    name,
    version,
    purl,
    licences: { declared: metadata.pythonLicences(fields) },
    ...origin(parentOf(place), image),
    ...(supplier !== undefined && { supplier }),
    ...(description !== undefined && { description }),
  };
  const finding: Finding = {
    key: keyAt(purl, place),
    place,
    technique: 'manifest-analysis',
    package: details,
  };
  const normalised = metadata.normalisedName(name);
  return {
    finding,
    normalised,
    site: siteOf(place),
    requirements: metadata.pythonRequirements(fields),
  };
}

function siteOf(place: ByteString): ByteString {
  if (place.endsWith('.egg-info')) return parentOf(place);
  const directory = parentOf(parentOf(place));
  return baseName(parentOf(place)) === 'EGG-INFO' ? parentOf(directory) : directory;
}

/** What pip noted of a distribution that came from an address instead of an index. Throws Unreadable. */
function origin(
  directory: ByteString,
  image: ImageView,
): { hashes: Hash[]; properties: Record<string, string> } {
  const path = joinPath(directory, 'direct_url.json');
  if (!directory.endsWith('.dist-info') || !image.isFile(path))
    return { hashes: [], properties: {} };
  const note = readJsonObject(image, path);
  const hex = textOf(objectOf(objectOf(note['archive_info'])?.['hashes'])?.['sha256']);
  const commit = textOf(objectOf(note['vcs_info'])?.['commit_id']);
  const editable = objectOf(note['dir_info'])?.['editable'] === true;
  return {
    hashes: hex !== undefined && /^[0-9a-f]{64}$/.test(hex) ? [{ algorithm: 'sha-256', hex }] : [],
    properties: {
      ...(commit !== undefined && { 'python:commit': commit }),
      ...(editable && { 'python:editable': 'true' }),
    },
  };
}

/** A requirement is met in the same environment, else anywhere in the image (environments that see the system's packages). */
function edgesOf(
  one: Distribution,
  byName: ReadonlyMap<string, readonly Distribution[]>,
): PackageEdge[] {
  return one.requirements.flatMap(({ name, extra }) => {
    const candidates = byName.get(name) ?? [];
    const target = candidates.find((candidate) => candidate.site === one.site) ?? candidates[0];
    if (target === undefined) return [];
    return [
      {
        from: one.finding.key,
        to: target.finding.key,
        kind: extra ? 'optional' : 'runtime',
      } as const,
    ];
  });
}
