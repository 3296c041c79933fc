import { resolve } from 'node:path';
import { createProjectGraphAsync, readNxJson, type Tree } from 'nx/src/devkit-exports';
import { describeProblem, publicText, UserError, type Problem } from '@nx-nixpack/base';
import { chooseComponents, lockComponents, LOCK_FILE } from '@nx-nixpack/sdk/lock';
import { channelAccess, diskTree, registryAccess, storeDirectory } from '@nx-nixpack/sdk/system';
import { workspaceModel } from '@nx-nixpack/sdk/workspace';
import { consoleProgress } from '../../executors/reporting.js';
import { projectEdges } from '../../executors/plan-image/plan-tasks.js';
import { optionsFromNxJson } from '../../options/resolve-options.js';
import type { LockOptions } from './schema.js';

/**
 * Writes the lock file. Without a change of what is asked for, running it again changes nothing. What it returns is called when
 * the file is written, and fails for the components that could not be locked.
 */
export default async function lock(tree: Tree, options: LockOptions): Promise<() => void> {
  const problems = await locked(tree, options).catch((error: unknown) => {
    if (error instanceof UserError) return error.problems;
    throw error;
  });
  return () => {
    // Nx shows the message of an error alone.
    if (problems.length > 0) throw new Error(publicText(problems.map(describeProblem).join('\n')));
  };
}

async function locked(tree: Tree, options: LockOptions): Promise<readonly Problem[]> {
  const { root } = tree;
  const plugin = optionsFromNxJson(readNxJson(tree) ?? undefined, root);
  const { workspace } = workspaceModel(root, plugin);
  const { chosen, isPartial, problems } = chooseComponents(workspace, options.component);
  const store = storeDirectory(process.env, plugin.store && resolve(root, plugin.store));
  const access = once(() => channelAccess({ storeDirectory: store }));
  const { text, problems: failed } = await lockComponents({
    ...{ workspaceRoot: root, chosen, isPartial, update: options.update ?? false },
    edges: projectEdges(await createProjectGraphAsync()),
    files: diskTree(root),
    access: registryAccess(consoleProgress),
    storeDirectory: store,
    channels: access,
    progress: consoleProgress,
  });
  tree.write(LOCK_FILE, text);
  return [...problems, ...failed];
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
