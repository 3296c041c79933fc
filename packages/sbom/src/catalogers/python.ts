import {
  baseName,
  bytes,
  type ByteString,
  encodeText,
  type Entry,
  joinPath,
  parentOf,
} from '@nx-nixpack/base';
import { orProblem, type Cataloger, type Problem } from '../cataloger.js';
import { type ImageView } from '../image-view.js';
import type { PackageEdge } from '../package-graph.js';
import { type Distribution, readDistribution } from '../python/distribution.js';

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
      (place) => orProblem(place, problems, () => readDistribution(place, image)) ?? [],
    );
    const byName = new Map<string, Distribution[]>();
    for (const one of installed)
      byName.set(one.normalized, [...(byName.get(one.normalized) ?? []), one]);
    return {
      findings: installed.map((one) => one.finding),
      edges: installed.flatMap((one) => edgesOf(one, byName)),
      problems,
    };
  },
};

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
  const target =
    orProblem(path, problems, () => image.text(path).split('\n')[0]?.trim() ?? '') ?? '';
  const directory = encodeText(target.replace(/^\/+/, ''));
  const found = [...image.list(directory)].filter((one) => one.path.endsWith('.egg-info'));
  return found
    .map((one) => joinPath(one.path, bytes`PKG-INFO`))
    .filter((file) => image.isFile(file));
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
