import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { compareText } from '@nx-nixpack/base';
import type { WorkspaceFacts } from '@nx-nixpack/deployment';

export const DEPLOYMENT_FILES = 'deployments/**/*.{yaml,yml}';

export interface WorkspaceFile {
  /** Relative to the workspace root, forward slashes. */
  readonly path: string;
  readonly content: Buffer;
}

const SKIPPED = new Set(['node_modules', '.git', '.nx', 'dist']);

/** The files of the workspace that a glob names, sorted by bytes. `**`, `*`, `?` and `{a,b}`; `*` stays in its segment. */
export function workspaceFiles(root: string, glob: string): WorkspaceFile[] {
  const matcher = globExpression(glob);
  const start = staticPrefix(glob);
  const found: string[] = [];
  const pending = [start];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop())
    for (const entry of entriesOf(join(root, directory))) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) pending.push(path);
      else if (entry.isFile() && matcher.test(path)) found.push(path);
    }
  found.sort(compareText);
  return found.map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

function entriesOf(
  directory: string,
): { name: string; isDirectory(): boolean; isFile(): boolean }[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** The leading segments without a wildcard: where the search begins. */
function staticPrefix(glob: string): string {
  const segments = glob.split('/').slice(0, -1);
  const end = segments.findIndex((segment) => /[*?{]/.test(segment));
  return (end < 0 ? segments : segments.slice(0, end)).join('/');
}

function globExpression(glob: string): RegExp {
  const parts = glob.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|./g) ?? [];
  const translate = (part: string): string => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{') && part.endsWith('}'))
      return `(?:${part.slice(1, -1).split(',').map(escape).join('|')})`;
    return escape(part);
  };
  return new RegExp(`^${parts.map(translate).join('')}$`);
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What deployment files ask of the directories of a workspace; links are followed, and told when they lead out. */
export function workspaceFacts(root: string): Required<WorkspaceFacts> {
  const real = realpathSync(root);
  const leaves = (path: string): boolean => {
    const target = realPath(join(real, path));
    return target !== undefined && target !== real && !target.startsWith(`${real}${sep}`);
  };
  return {
    isDirectory: (path) => !leaves(path) && isDirectory(join(real, path)),
    leavesWorkspace: leaves,
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // absent, or a link to nothing: isDirectory says no
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
