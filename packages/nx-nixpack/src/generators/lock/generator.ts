import { resolve } from 'node:path';
import { createProjectGraphAsync, readNxJson, type Tree } from 'nx/src/devkit-exports';
import { describeProblem, didYouMean, publicText, UserError } from '@nx-nixpack/base';
import { lockComponents, LOCK_FILE } from '@nx-nixpack/sdk/lock';
import { channelAccess, diskTree, registryAccess, storeDirectory } from '@nx-nixpack/sdk/system';
import { workspaceModel, type Described } from '@nx-nixpack/sdk/workspace';
import { consoleProgress } from '../../executors/reporting.js';
import { projectEdges } from '../../executors/plan-image/plan-tasks.js';
import { optionsFromNxJson } from '../../options/resolve-options.js';
import type { LockOptions } from './schema.js';

/** Writes the lock file. Without a change of what is asked for, running it again changes nothing. */
export default async function lock(tree: Tree, options: LockOptions): Promise<void> {
  try {
    tree.write(LOCK_FILE, await lockedText(tree, options));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Nx shows the message of an error alone.
    throw new Error(publicText(error.problems.map(describeProblem).join('\n')), { cause: error });
  }
}

async function lockedText(tree: Tree, options: LockOptions): Promise<string> {
  const { root } = tree;
  const plugin = optionsFromNxJson(readNxJson(tree) ?? undefined, root);
  const { workspace } = workspaceModel(root, plugin);
  if (workspace.problems.length > 0) throw UserError.of(workspace.problems);
  const all = workspace.deployments.flatMap((deployment) =>
    deployment.components.flatMap((component): readonly Described[] =>
      component.type === 'nixpack' ? [{ deployment, component }] : [],
    ),
  );
  const store = storeDirectory(process.env, plugin.store && resolve(root, plugin.store));
  const access = once(() => channelAccess({ storeDirectory: store }));
  return lockComponents({
    ...{
      workspaceRoot: root,
      all,
      chosen: chosenOf(all, options),
      update: options.update ?? false,
    },
    edges: projectEdges(await createProjectGraphAsync()),
    files: diskTree(root),
    access: registryAccess(consoleProgress),
    channels: access,
    progress: consoleProgress,
  });
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function chosenOf(all: readonly Described[], { component: name }: LockOptions): Described[] {
  const names = all.map(({ deployment, component }) => `${deployment.name}/${component.id}`);
  const chosen = all.filter((_, index) => name === undefined || names[index] === name);
  if (name === undefined || chosen.length > 0) return chosen;
  throw new UserError({
    code: 'CONFIG_UNKNOWN_COMPONENT',
    message: `There is no component with an image called "${name}"`,
    hint: didYouMean(name, names),
  });
}
