import { onlyPlatform } from '../../records/platforms.js';
import type { WrittenSbom } from './task.js';

/** The summary that ends the task. */
export function describeSbom({ record, packages, packagesByType }: WrittenSbom): string {
  const types = Object.entries(packagesByType).map(([type, count]) => `${count} ${type}`);
  const [, { documents }] = onlyPlatform(record.platforms);
  const files = documents.map(({ path, digest }) => `  ${path}  ${digest}`);
  return [`${packages} packages (${types.join(', ')})`, ...files].join('\n');
}
