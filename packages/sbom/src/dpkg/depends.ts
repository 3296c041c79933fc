import type { PackageEdge } from '../package-graph.js';
import { relations } from './control.js';
import type { DebianPackage } from './debian-package.js';

/** Every installed package that meets a requirement: by name, by `Provides`, in any of its alternatives. */
export function dependsEdges(installed: readonly DebianPackage[]): PackageEdge[] {
  const providers = new Map<string, string[]>();
  for (const { stanza, finding } of installed) {
    for (const name of [finding.package.name, ...relations(stanza.get('provides')).flat()]) {
      providers.set(name, [...(providers.get(name) ?? []), finding.key]);
    }
  }
  const edges = (one: DebianPackage, field: string, kind: PackageEdge['kind']): PackageEdge[] =>
    relations(one.stanza.get(field)).flatMap((alternatives) =>
      alternatives.flatMap((name) =>
        (providers.get(name) ?? []).map((to) => ({ from: one.finding.key, to, kind })),
      ),
    );
  return installed.flatMap((one) => [
    ...edges(one, 'pre-depends', 'runtime'),
    ...edges(one, 'depends', 'runtime'),
    ...edges(one, 'recommends', 'optional'),
  ]);
}
