import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { globOf, type Problem } from '@nx-nixpack/base';
import type { BrokenComponent } from '@nx-nixpack/deployment';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import type { Workspace } from '@nx-nixpack/sdk/workspace';
import { brokenTargets, targetNames } from '../tasks/targets.js';

type Options = Readonly<Record<string, unknown>>;

/** A component that cannot be built has its targets all the same: they fail and say why, so that nobody misses it unknowingly. */
export function targetsOfBroken(
  { deployment, file, id, name, source, problems }: BrokenComponent,
  shared: boolean,
  options: Options,
): Record<string, TargetConfiguration> {
  const named = { deployment: { name: deployment, file }, component: { name } };
  const watched = source === undefined ? [] : [`{workspaceRoot}/${globOf(source)}/**/*`];
  const component = { id, watched, problem: placed(problems) };
  return brokenTargets(
    { deployment: named.deployment, component },
    targetNames(options, named, shared),
  );
}

/** A file of which not even the components are known is a project of its own, called as the file. */
export function unreadableProject(
  { file, problems }: Workspace['unreadable'][number],
  options: Options,
): ProjectConfiguration & { readonly root: string } {
  const deployment = { name: file, file };
  const component = { id: 'nixpack/unknown', watched: [], problem: placed(problems) };
  const names = targetNames(options, { deployment, component: { name: '' } }, false);
  return {
    root: outputDirectory(file, 'nixpack'),
    name: file,
    tags: ['nixpack', 'nixpack:unreadable'],
    targets: brokenTargets({ deployment, component }, names),
    metadata: { description: `Cannot be read: ${placed(problems)}`, technologies: ['nixpacks'] },
  };
}

function placed([first]: readonly Problem[]): string {
  if (first === undefined) return '';
  const { at, message } = first;
  return at === undefined ? message : `${at.file}:${at.line}:${at.column} ${message}`;
}
