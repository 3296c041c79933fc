import { join } from 'node:path';
import { digestOf } from '@nx-nixpack/oci';
import { FORMATS } from '@nx-nixpack/sbom';
import {
  componentOutputs,
  readOutput,
  readRecord,
  rejected,
  requireFolder,
} from '../records/outputs.js';
import type { Planned } from './read-planned.js';
import { SBOM_SHAPE } from '../records/shapes.js';
import type { ImageRecord, SbomRecord } from '../records/records.js';
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
    const { record, bytes } = readRecord<SbomRecord>(path, TASK, SBOM_SHAPE);
    checkSeal(sbom, 'sbom', TASK, bytes, request);
    checkImage(path, record, image);
    checkFormats(path, record, planned);
    for (const document of record.documents) checkDocument(sbom, document);
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

/** The documents are those that are asked for, in that order; without `require` some may have been left out. */
function checkFormats(path: string, { documents }: SbomRecord, { sbomSettings }: Planned): void {
  const { formats, require } = sbomSettings;
  const found = documents.map(({ format }) => format);
  const wanted = require ? formats : formats.filter((format) => found.includes(format));
  if (found.join() !== wanted.join())
    throw rejected(`${path}: documents are not those that the deployment file asks for`, TASK);
}

function checkDocument(
  folder: string,
  { format, path: name, digest }: SbomRecord['documents'][number],
): void {
  const path = join(folder, SBOM_RECORD);
  if (FORMATS.find((one) => one.name === format)?.fileName !== name)
    throw rejected(`${path}: documents name another file for ${format}`, TASK);
  if (digestOf(readOutput(join(folder, name), TASK, MAX_DOCUMENT_BYTES)) === digest) return;
  throw rejected(`${join(folder, name)} has other content than ${SBOM_RECORD} says`, TASK);
}
