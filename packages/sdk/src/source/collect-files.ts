import {
  baseName,
  type ByteString,
  encodeText,
  type Entry,
  type FileTree,
  UserError,
} from '@nx-nixpack/base';
import { pathGlob } from '@nx-nixpack/plan';
import { isFixedIgnored, type ContextRules } from './context-rules.js';

/** Everything below a directory that the rules keep, without directories. */
export function* keptBelow(
  tree: FileTree,
  directory: ByteString,
  rules: ContextRules,
): Generator<Entry> {
  const pending = [directory];
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    for (const entry of tree.list(at)) {
      const isDirectory = entry.type === 'directory';
      const judgment = rules.judge(entry.path, isDirectory);
      if (judgment === 'ignored') continue;
      if (isDirectory) pending.push(entry.path);
      else if (judgment === 'kept') yield entry;
    }
}

/**
 * The files that one `include` pattern names, whatever the ignore rules say; a directory means all of it. Directories
 * of the fixed list are entered only when the pattern spells their name. Throws when nothing matches or the pattern
 * leaves the workspace.
 */
export function includedBy(tree: FileTree, pattern: string): readonly Entry[] {
  const clean = cleaned(pattern);
  const matches = pathGlob(encodeText(clean));
  const spelled = new Set(encodeText(clean).split('/'));
  const found: Entry[] = [];
  const pending = [{ directory: fixedPart(encodeText(clean)), whole: false }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const whole = at.whole || (at.directory !== '' && matches(at.directory));
    for (const entry of tree.list(at.directory)) {
      const name = baseName(entry.path);
      if (isFixedIgnored(entry.path) && !spelled.has(name)) continue;
      if (entry.type === 'directory') pending.push({ directory: entry.path, whole });
      else if (whole || matches(entry.path)) found.push(entry);
    }
  }
  if (found.length === 0) throw nothingIncluded(pattern);
  return found;
}

function cleaned(pattern: string): string {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  if (!pattern.startsWith('/') && !parts.includes('..')) return parts.join('/');
  throw new UserError({
    code: 'WORKSPACE_OUTSIDE',
    message: `The pattern "${pattern}" of include leaves the workspace`,
    hint: 'Name files relative to the workspace root, below it.',
  });
}

/** The directories that a pattern spells out before its first wildcard. */
function fixedPart(pattern: ByteString): ByteString {
  const special = /[*?[\]{}\\]/.exec(pattern);
  const end = pattern.lastIndexOf('/', special === null ? pattern.length : special.index);
  return pattern.slice(0, Math.max(0, end));
}

const nothingIncluded = (pattern: string): UserError =>
  new UserError({
    code: 'WORKSPACE_INCLUDE_EMPTY',
    message: `The pattern "${pattern}" of include names no file`,
    hint: 'Correct the pattern; it is relative to the workspace root.',
  });
