import { join } from 'node:path';
import { canonicalJson } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import { FORMATS } from '@nx-nixpack/sbom';
import type { ImageRecord } from '../records/image.js';
import { componentOutputs, readOutput, rejected, requireFolder } from '../records/outputs.js';
import { sbomRecord, type PlatformSbom, type SbomRecord } from '../records/sbom.js';
import type { Planned } from './read-planned.js';
import { checkSeal, type SealOptions } from './seal.js';
import { settled } from './settled.js';

export const SBOM_RECORD = 'sbom.json';

/** A document lists the packages of one image; registries take no larger artifact. */
const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;
const TASK = 'sbom';

/**
 * The SBOM that the sbom task left for an image, undefined when none is asked for. Throws UserError
 * CACHE_RESULT_REJECTED when it is missing, changed, older, or of another image.
 */
export function readSbom(
  planned: Planned,
  image: ImageRecord,
  request: SealOptions & { readonly workspaceRoot: string },
): Promise<SbomRecord | undefined> {
  const { plan, sbomSettings } = planned;
  if (sbomSettings.formats.length === 0) return Promise.resolve(undefined);
  const { sbom } = componentOutputs(request.workspaceRoot, plan.deployment, plan.component);
  return settled(sbom, () => {
    const path = join(sbom, SBOM_RECORD);
    requireFolder(sbom, TASK);
    const { record, bytes } = sbomRecord.read(path);
    checkSeal(sbom, 'sbom', TASK, bytes, request);
    checkImage(path, record, image);
    checkPlatforms(path, record, image);
    for (const made of Object.values(record.platforms)) {
      checkFormats(path, made, planned);
      for (const document of made.documents) checkDocument(sbom, document);
    }
    return record;
  });
}

function checkImage(path: string, record: SbomRecord, image: ImageRecord): void {
  const fields = [
    ['deployment', image.deployment],
    ['component', image.component],
    ['imageDigest', image.digest],
    ['planDigest', image.planDigest],
  ] as const;
  for (const [field, wanted] of fields)
    if (record[field] !== wanted)
      throw rejected(`${path}: ${field} is not that of image.json`, TASK);
}

function checkPlatforms(path: string, { platforms }: SbomRecord, image: ImageRecord): void {
  const digests = (of: Readonly<Record<string, { imageDigest: string }>>) =>
    canonicalJson(Object.entries(of).map(([name, { imageDigest }]) => [name, imageDigest]));
  const wanted = Object.entries(image.platforms).map(([name, { digest: imageDigest }]) => [
    name,
    { imageDigest },
  ]) as [string, { imageDigest: string }][];
  if (digests(platforms) !== digests(Object.fromEntries(wanted)))
    throw rejected(`${path}: platforms are not those of image.json`, TASK);
}

/** The documents are those that are asked for, in that order; without `require` the record says which could not be written. */
function checkFormats(
  path: string,
  { documents, missing }: PlatformSbom,
  { sbomSettings: { formats, require } }: Planned,
): void {
  const found = documents.map(({ format }) => format);
  const absent = formats.filter((format) => !found.includes(format));
  if (found.join() !== formats.filter((format) => found.includes(format)).join())
    throw rejected(`${path}: documents are not those that the deployment file asks for`, TASK);
  if (missing.join() !== absent.join() || (require && absent.length > 0))
    throw rejected(`${path}: missing does not say which documents are not there`, TASK);
}

function checkDocument(
  folder: string,
  { format, path: name, digest }: PlatformSbom['documents'][number],
): void {
  const path = join(folder, SBOM_RECORD);
  if (FORMATS.find((one) => one.name === format)?.fileName !== name)
    throw rejected(`${path}: documents name another file for ${format}`, TASK);
  if (digestOf(readOutput(join(folder, name), TASK, MAX_DOCUMENT_BYTES)) === digest) return;
  throw rejected(`${join(folder, name)} has other content than ${SBOM_RECORD} says`, TASK);
}
