import { createReadStream } from 'node:fs';
import { unpackEntries } from '@nx-nixpack/oci';
import { chosenEntries, linkEntries } from '../../../archives/chosen-entries.js';
import { readArchive } from '../../../archives/read-archive.js';
import { archiveBlob, type ArchivePorts } from '../../archive-blob.js';
import type { Step } from '../../../recipe/recipe.js';
import { EARLIEST_TIME } from '../snapshots/source-snapshot.js';

type UnpackStep = Extract<Step, { kind: 'unpack' }>;

/** Unpacks the archives of a step below `root`, a mounted view, each over the ones before it. */
export async function unpackArchives(
  ports: ArchivePorts & { readonly created: number },
  root: string,
  step: UnpackStep,
): Promise<void> {
  const seconds = Math.max(ports.created, EARLIEST_TIME);
  await unpackEntries(root, (receiver) => {
    for (const link of linkEntries(step, seconds)) receiver.entry(link, 0);
    return Promise.resolve();
  });
  for (const use of step.archives) {
    const path = await archiveBlob(ports, use.id);
    await unpackEntries(root, (receiver) => {
      const chosen = chosenEntries(step, seconds, receiver);
      return readArchive(createReadStream(path), step.format, chosen, use);
    });
  }
}
