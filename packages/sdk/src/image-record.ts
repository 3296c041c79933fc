import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '@nx-nixpack/engine';
import { writeLayout, type Image } from '@nx-nixpack/oci';
import type { OpenedBase } from './bases.js';
import { writeRecord } from './outputs.js';
import { COMPAT_VERSION, type ImageRecord, type PlanRecord } from './records.js';

/** What build-image says of the image it made. */
export function imageRecord(
  plan: PlanRecord,
  planDigest: ImageRecord['planDigest'],
  engine: Engine,
  image: Image,
  base: OpenedBase,
): ImageRecord {
  return {
    schemaVersion: 1,
    deployment: plan.deployment,
    component: plan.component,
    provider: plan.providers.join(','),
    engine: engine.name as ImageRecord['engine'],
    digest: image.digest,
    mediaType: image.mediaType,
    size: image.size,
    platforms: [{ platform: image.platform, digest: image.digest }],
    base: { ref: base.reference, digest: base.image.digest },
    layers: image.layers.map(({ digest, diffId, size, mediaType, origin, name }) => ({
      digest,
      diffId,
      size,
      mediaType,
      origin,
      ...(name === undefined ? {} : { name }),
    })),
    sourceDigest: plan.source.digest,
    planDigest,
    compatVersion: COMPAT_VERSION,
  };
}

/** The whole folder is made beside its place and renamed, so that nobody meets half of it. */
export async function leaveImage(
  image: Image,
  record: ImageRecord,
  directory: string,
): Promise<void> {
  // One name, so that what a killed build left is taken away by the next.
  const temporary = `${directory}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const served = !record.base.ref.startsWith('oci:') && !record.base.ref.includes('{{');
  try {
    await writeLayout(image, join(temporary, 'oci'), {
      omit: ({ origin }) => served && origin === 'base',
    });
    writeRecord(join(temporary, 'image.json'), record);
    rmSync(directory, { recursive: true, force: true });
    renameSync(temporary, directory);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
