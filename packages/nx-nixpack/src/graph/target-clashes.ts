import type { Problem } from '@nx-nixpack/base';
import { targetSuffix } from '../tasks/targets.js';
import { membersOf, type ComponentProject, type Named } from './projects.js';

/** Components of one directory whose targets would have the same names: `a/b-c` and `a-b/c`. One would go missing. */
export function targetClashes(project: ComponentProject): Problem[] {
  const taken = new Map<string, Named>();
  return membersOf(project).flatMap((described): Problem[] => {
    const suffix = targetSuffix(described);
    const other = taken.get(suffix);
    taken.set(suffix, other ?? described);
    if (other === undefined) return [];
    return [
      {
        code: 'CONFIG_DUPLICATE_PROJECT',
        message: `Two components of ${project.root} would have targets that end in "${suffix}"`,
        hint: 'Rename one of the components.',
        at: described.component.at,
        related: [other.component.at],
      },
    ];
  });
}
