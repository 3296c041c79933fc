import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '@nx-nixpack/base';
import { readCapabilities } from '../trees/capabilities.js';
import type { CopiedExecutable } from './copier.js';
import { below } from '../trees/disk.js';
import { runProgram } from '../programs.js';
import type { TreeView } from '../trees/tree-view.js';

const COPY =
  'while IFS= read -r -d "" from && IFS= read -r -d "" to; do cp --attributes-only --preserve=all -- "$from" "$to"; done <"$1"';

/** Gives copied executables the capabilities of what they were copied from. Node cannot, and almost none has any. */
export async function copyCapabilities(
  ports: { readonly runner: Runner; readonly scratch: string },
  view: TreeView,
  copied: readonly CopiedExecutable[],
): Promise<void> {
  const paths = copied.map(({ from }) => from);
  const capabilities = await readCapabilities(ports, view.root, paths);
  const capable = copied.filter(({ from }) => capabilities.has(from));
  if (capable.length === 0) return;
  const list = join(ports.scratch, `capable-${randomBytes(4).toString('hex')}`);
  const lines = capable.map(({ from, target }) => `${below(view.root, from)}\0${target}\0`);
  writeFileSync(list, lines.join(''), 'latin1');
  try {
    await runProgram(ports.runner, 'bash', ['-c', COPY, 'cp', list]);
  } finally {
    rmSync(list, { force: true });
  }
}
