import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathGlob } from '@nx-nixpack/plan/inference';
import { compareText, encodeText } from '@nx-nixpack/base';
import type { WorkspaceFacts } from '@nx-nixpack/deployment';
import { readWorkspaceFile, type RefusedFile, type WorkspaceFile } from './read-workspace-file.js';

export const DEPLOYMENT_FILES = 'deployments/**/*.{yaml,yml}';

const SKIPPED = new Set(['node_modules', '.git', '.nx', 'dist']);

/**
 * What a glob names in the workspace, sorted by bytes. The dialect is that of `include`. Whatever is no
 * readable file is told, never skipped: somebody believes that it is one. `most`: bytes that are read of a file.
 */
export function workspaceFiles(
  root: string,
  glob: string,
  most = Infinity,
): (WorkspaceFile | RefusedFile)[] {
  const matches = pathGlob(encodeText(glob));
  const start = staticPrefix(glob);
  const found: string[] = [];
  const pending = [start];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop())
    for (const entry of entriesOf(join(root, directory))) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) pending.push(path);
      if (matches(encodeText(path))) found.push(path);
    }
  return found.sort(compareText).map((path) => readWorkspaceFile(root, path, most));
}

function entriesOf(directory: string): { name: string; isDirectory(): boolean }[] {
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
  const end = segments.findIndex((segment) => /[*?{[\\]/.test(segment));
  return (end < 0 ? segments : segments.slice(0, end)).join('/');
}

/** What deployment files ask of the directories of a workspace; links are followed, and told when they lead out. */
export function workspaceFacts(root: string): Required<WorkspaceFacts> {
  const real = realpathSync.native(root);
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
    return realpathSync.native(path);
  } catch {
    return undefined; // absent, or a link to nothing: isDirectory says no
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
