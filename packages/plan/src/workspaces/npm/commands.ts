import { quoteWord } from '@nx-nixpack/base';
import type { Closure, InstallHints } from '../ecosystem.js';
import { inDirectory } from '../in-directory.js';

const CERTAIN_INSTALL = 'npm ci';

/** Dependencies are installed at the root, where the lock file is; the libraries are built before the source. */
export function npmCommands(
  phase: string,
  commands: readonly string[],
  closure: Closure,
): readonly string[] {
  const directory = phase === 'install' ? closure.root : closure.source;
  const placed = commands.map((command) => inDirectory(directory, command));
  return phase === 'build' ? [...buildLibraries(closure), ...placed] : placed;
}

function buildLibraries({ members, root }: Closure): readonly string[] {
  const libraries = members.filter(({ kind, builds }) => kind === 'workspace' && builds);
  if (libraries.length === 0) return [];
  const names = libraries.map(({ name }) => `-w ${quoteWord(name)}`).join(' ');
  return [inDirectory(root, `npm run build ${names} --if-present`)];
}

/** The closure knows the files that decide what npm installs, not those that another command may read. */
export function npmInstallHints(
  commands: readonly string[],
  { installInputs, installInputsReason }: Closure,
): InstallHints {
  const own = commands.at(-1) === CERTAIN_INSTALL && commands.slice(0, -1).every(isCorepack);
  if (!own) return { installInputsReason: `the install command is not \`${CERTAIN_INSTALL}\`` };
  if (installInputs !== undefined) return { installInputs };
  return { installInputsReason: installInputsReason ?? 'the whole workspace is installed' };
}

const isCorepack = (command: string): boolean => command.startsWith('npm install -g corepack@');
