import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasPassword, readText } from './host-file.js';

/** The apt sources of the host, without those whose address holds a password. */
export function aptSources(directory: string): { name: string; content: string }[] {
  const parts = join(directory, 'sources.list.d');
  const names = existsSync(parts)
    ? readdirSync(parts)
        .filter((name) => /\.(list|sources)$/.test(name))
        .sort()
    : [];
  const files = [
    ['sources.list', join(directory, 'sources.list')],
    ...names.map((name) => [name, join(parts, name)]),
  ];
  return files.flatMap(([name, path]) => {
    const content = withoutPasswords(
      readText(path as string) ?? '',
      /\.sources$/.test(name as string),
    );
    return content.trim() === '' ? [] : [{ name: name as string, content }];
  });
}

/** Sources, one a line or a paragraph each, but for those whose address holds a password. */
function withoutPasswords(text: string, paragraphs: boolean): string {
  const separator = paragraphs ? /\n[ \t]*\n/ : '\n';
  const kept = text.split(separator).filter((source) => !hasPassword(source));
  return kept.join(paragraphs ? '\n\n' : '\n');
}
