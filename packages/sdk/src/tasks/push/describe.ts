import type { PushedImage } from './task.js';

/** The summary that ends the task; the digest is its last line. */
export function describePush({ record, report, published }: PushedImage): string {
  if (!published) {
    const where =
      record.registry === '' ? 'publish is false' : `${record.reference} ${record.tags.join(' ')}`;
    return `not pushed: ${where}\n${record.digest}`;
  }
  const count = (what: readonly unknown[] | undefined, word: string): string =>
    `${what?.length ?? 0} ${word}`;
  const blobs = [
    count(report?.uploaded, 'uploaded'),
    count(report?.mounted, 'mounted'),
    count(report?.present, 'present'),
  ];
  const tags = (report?.tags ?? []).map(
    ({ tag, changed }) => `  ${tag}${changed ? '' : ' (unchanged)'}`,
  );
  return [
    `pushed ${record.deployment}/${record.component} as ${record.reference}`,
    `  blobs: ${blobs.join(', ')}`,
    ...tags,
    record.digest,
  ].join('\n');
}
