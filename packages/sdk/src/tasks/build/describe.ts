import { onlyPlatform } from '../../records/platforms.js';
import type { BuiltComponent } from './task.js';

/** The summary that ends the task; the digest is its last line. */
export function describeBuild({ record, steps, seconds }: BuiltComponent): string {
  const cached = steps.filter((step) => step.cached).length;
  const [, image] = onlyPlatform(record.platforms);
  const layers = image.layers
    .filter(({ origin }) => origin === 'own')
    .map(
      ({ name, size, digest }) =>
        `  ${(name ?? 'layer').padEnd(13)} ${megabytes(size)}  ${digest.slice(0, 19)}…`,
    );
  return [
    `built ${record.deployment}/${record.component} in ${seconds.toFixed(1)} s: ${steps.length} steps, ${cached} from the store`,
    ...layers,
    `  image         ${megabytes(image.size)}`,
    record.digest,
  ].join('\n');
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`.padStart(9);
