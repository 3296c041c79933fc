import { canonicalJson } from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import type { Provision } from '../provision.js';
import type { Step } from '../../recipe/recipe.js';

/** Where an image says which programs it has that are no packages of Debian. */
export const TOOLCHAIN_RECORD = '/usr/share/nixpack/toolchain.json';

/** What was unpacked into the image: an SBOM finds no other trace of it. Undefined when that is nothing. */
export function recordOf(
  { runtimes }: Provision,
  steps: readonly Step[],
): { path: string; content: string } | undefined {
  const places = placesOf(steps);
  const programs = runtimes.flatMap(({ name, version, archives }) =>
    archives
      .filter(({ id }) => places.has(id))
      .map((archive) => ({
        runtime: name,
        version,
        archive: described(archive),
        places: places.get(archive.id),
      })),
  );
  if (programs.length === 0) return undefined;
  return { path: TOOLCHAIN_RECORD, content: canonicalJson({ schemaVersion: 1, programs }) };
}

const described = ({ channel, name, version, integrity }: Archive) => ({
  channel,
  name,
  version,
  integrity,
});

/** Where the steps put each archive. */
function placesOf(steps: readonly Step[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const step of steps)
    if (step.kind === 'unpack')
      for (const { id } of step.archives) places.set(id, [...(places.get(id) ?? []), step.to]);
  return places;
}
