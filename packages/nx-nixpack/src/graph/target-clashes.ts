import type { Problem } from '@nx-nixpack/base';
import type { Described } from '@nx-nixpack/sdk/workspace';
import { targetSuffix } from '../tasks/targets.js';
import type { ComponentProject } from './projects.js';

/** Components of one directory whose targets would have the same names: `a/b-c` and `a-b/c`. One would go missing. */
export function targetClashes({ root, components }: ComponentProject): Problem[] {
  const taken = new Map<string, Described>();
  return components.flatMap((described): Problem[] => {
    const suffix = targetSuffix(described);
    const other = taken.get(suffix);
    taken.set(suffix, other ?? described);
    if (other === undefined) return [];
    return [
      {
        code: 'CONFIG_DUPLICATE_PROJECT',
        message: `Two components of ${root} would have targets that end in "${suffix}"`,
        hint: 'Rename one of the components.',
        at: described.component.at,
        related: [other.component.at],
      },
    ];
  });
}
