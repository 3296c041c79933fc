import { globOf } from '@nx-nixpack/base';
import type { ComponentTask } from './component-task.js';

type Name = 'plan-image' | 'build-image' | 'sbom' | 'push-image';

/** The tasks of a component in the order in which they run. A new one is a row here, its folder in executors/ and its entry in executors.json. */
export const TASKS = [
  {
    name: 'plan-image',
    option: 'planTargetName',
    description: 'Plan a container image: what will be built, from what, on which base',
    // Modes, links and ignored files count, and Nx hashes none of them.
    cached: false,
    leaves: 'plan',
    reads: [],
    watches: ({ deployment, component: { vars } }) => [
      globOf(deployment.file),
      ...(vars.base ? [] : [vars.source === '' ? '**/*' : `${globOf(vars.source)}/**/*`]),
      'nixpack.lock.json',
    ],
    after: () => [],
    batch: true,
  },
  {
    name: 'build-image',
    option: 'buildTargetName',
    description: 'Build a container image from its plan, without a daemon',
    cached: true,
    leaves: 'image',
    reads: ['plan/plan.json', 'plan/smoke-settings.json'],
    readsOfBases: ['image/image.json'],
    after: () => ['plan-image'],
    ordered: true,
  },
  {
    name: 'sbom',
    option: 'sbomTargetName',
    description: 'Write the software bill of materials of a built image',
    cached: true,
    leaves: 'sbom',
    reads: ['plan/sbom-settings.json', 'image/image.json'],
    after: () => ['build-image', 'plan-image'],
  },
  {
    name: 'push-image',
    option: 'pushTargetName',
    description: 'Push a built image and its tags to its registry',
    cached: false,
    reads: ['plan/publish.json', 'image/image.json'],
    after: ({ settings }) => [
      'build-image',
      'plan-image',
      ...(settings.sbom.formats.length > 0 ? (['sbom'] as const) : []),
    ],
    ordered: true,
    perTarget: true,
  },
] as const satisfies readonly ComponentTask<Name>[];

export type TaskName = (typeof TASKS)[number]['name'];

export function taskNamed(name: TaskName): ComponentTask {
  const row = TASKS.find((task) => task.name === name);
  if (row === undefined) throw new Error(`no row of TASKS is named ${name}`);
  return row;
}
