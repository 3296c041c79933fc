import type { SbomRecord } from '../../records/records.js';

/** The summary that ends the task. */
export function describeSbom({ documents, packages, packagesByType }: SbomRecord): string {
  const types = Object.entries(packagesByType).map(([type, count]) => `${count} ${type}`);
  const files = documents.map(({ path, digest }) => `  ${path}  ${digest}`);
  return [`${packages} packages (${types.join(', ')})`, ...files].join('\n');
}
