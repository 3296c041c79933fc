import type { DebianPackage } from './packages-file.js';
import type { Selection } from './selection.js';

/**
 * What is needed comes before what needs it, so that dpkg may take one after the other; in a circle, what is needed before
 * unpacking (Pre-Depends) comes first.
 */
export function installationOrder(
  chosen: readonly DebianPackage[],
  selection: Pick<Selection, 'meeting'>,
): readonly DebianPackage[] {
  const mine = new Set(chosen);
  const done = new Set<DebianPackage>();
  const needed = ({ preDepends, depends }: DebianPackage): DebianPackage[] =>
    [...preDepends, ...depends]
      .flatMap((alternatives) => selection.meeting(alternatives))
      .filter((one) => mine.has(one));
  const visit = (from: DebianPackage, seen: Set<DebianPackage>): void => {
    // Chains of dependencies are some dozens long.
    seen.add(from);
    for (const one of needed(from)) if (!seen.has(one)) visit(one, seen);
    done.add(from);
  };
  const seen = new Set<DebianPackage>();
  for (const one of chosen) if (!seen.has(one)) visit(one, seen);
  return [...done];
}
