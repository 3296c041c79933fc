import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory with these files; a value that begins with `->` is a symlink, `undefined` an empty directory. */
export function temporaryTree(files: Readonly<Record<string, string | undefined>>): {
  root: string;
  remove: () => void;
} {
  const root = mkdtempSync(join(tmpdir(), 'engine-tree-'));
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(content === undefined ? target : dirname(target), { recursive: true });
    if (content?.startsWith('->')) symlinkSync(content.slice(2), target);
    else if (content !== undefined) writeFileSync(target, content);
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
