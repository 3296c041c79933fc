import { baseName, bytes, type ByteString, joinPath, parentOf } from '@nx-nixpack/base';
import { type Finding, keyAt } from '../cataloger.js';
import { type ImageView } from '../image-view.js';
import { objectOf, readJsonObject, textOf } from '../json-object.js';
import type { Hash } from '../package-graph.js';
import * as metadata from './metadata.js';

export interface Distribution {
  readonly finding: Finding;
  readonly normalized: string;
  /** The directory on Python's path that it is imported from. */
  readonly site: ByteString;
  readonly requirements: readonly metadata.Requirement[];
}

/** Reads what one file of metadata describes. Throws Unreadable. */
export function readDistribution(place: ByteString, image: ImageView): Distribution {
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
    licenses: { declared: metadata.pythonLicenses(fields) },
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
  const normalized = metadata.normalizedName(name);
  return {
    finding,
    normalized,
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
  const path = joinPath(directory, bytes`direct_url.json`);
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
