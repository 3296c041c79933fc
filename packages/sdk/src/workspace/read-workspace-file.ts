import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { join, sep } from 'node:path';
import { workspacePath, type Problem, type WorkspacePath } from '@nx-nixpack/base';

export interface WorkspaceFile {
  readonly path: WorkspacePath;
  readonly content: Buffer;
}

/** What is named like a deployment file and cannot be read as one. */
export interface RefusedFile {
  readonly path: string;
  readonly problem: Problem;
}

/** Without O_NONBLOCK, opening a FIFO waits until somebody writes to it. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
/** Reads up to `most` bytes of one file of a workspace, over links that stay inside, or says why not. */
export function readWorkspaceFile(
  root: string,
  path: string,
  most: number,
): WorkspaceFile | RefusedFile {
  const real = realPath(join(root, path));
  if (typeof real !== 'string') return refused(path, real.problem);
  const at = workspacePath(path);
  if (at === undefined || !real.startsWith(`${realpathSync.native(root)}${sep}`))
    return refused(path, 'is a link that leads out of the workspace');
  try {
    return readPlain(real, at, most);
  } catch (error) {
    return refused(path, `cannot be read (${codeOf(error)})`);
  }
}

function readPlain(real: string, path: WorkspacePath, most: number): WorkspaceFile | RefusedFile {
  const file = openSync(real, OPEN_FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return refused(path, `is a ${kindOf(stats)}, not a file`);
    const content = Buffer.alloc(Math.min(stats.size, most));
    return { path, content: content.subarray(0, readSync(file, content)) };
  } finally {
    closeSync(file);
  }
}

function realPath(path: string): string | { problem: string } {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { problem: 'is a link that leads nowhere' };
    return {
      problem: code === 'ELOOP' ? 'is a link in a cycle' : `cannot be read (${code})`,
    };
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'FIFO';
  return stats.isSocket() ? 'socket' : 'device';
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

const refused = (path: string, what: string): { path: string; problem: Problem } => ({
  path,
  problem: {
    code: 'CONFIG_NOT_A_FILE',
    message: `The deployment file ${path} ${what}`,
    hint: 'Put a YAML file in its place, or give it a name that the option deployments does not match.',
    at: { file: path, line: 1, column: 1 },
  },
});
