import { bytes, type ByteString, joinPath, type JsonObject } from '@nx-nixpack/base';
import { type Finding, keyAt } from '../cataloger.js';
import type { ImageView } from '../image-view.js';
import { readJsonObject, textOf } from '../json-object.js';
import type { LockIntegrity } from './lock-integrity.js';
import { npmLicenses, npmPurl, npmSupplier, packageName } from './package-json.js';

/** A package in its real directory. */
export interface InstalledPackage {
  readonly directory: ByteString;
  readonly manifest: JsonObject;
  readonly finding: Finding;
}

/** Reads the package of a directory. Throws Unreadable. */
export function readInstalledPackage(
  directory: ByteString,
  image: ImageView,
  integrity: LockIntegrity,
): InstalledPackage {
  const place = joinPath(directory, bytes`package.json`);
  const manifest = readJsonObject(image, place);
  const name = packageName(manifest, directory);
  const version = textOf(manifest['version']) ?? '';
  const purl = npmPurl(name, version);
  const supplier = npmSupplier(manifest, name);
  const description = textOf(manifest['description']);
  const details = {
    name,
    version,
    purl,
    licenses: { declared: npmLicenses(manifest) },
    hashes: integrity.hashes(directory, version),
    properties: {},
    ...(supplier !== undefined && { supplier }),
    ...(description !== undefined && { description }),
  };
  const finding: Finding = {
    key: keyAt(purl, directory),
    place,
    technique: 'manifest-analysis',
    package: details,
  };
  return { directory, manifest, finding };
}
