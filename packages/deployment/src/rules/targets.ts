import { didYouMean, quote } from '@nx-nixpack/base';
import type { DraftDeployment } from '../schema/file.js';
import type { Findings } from '../yaml/findings.js';
import { entryAt, type YamlNode } from '../yaml/yaml-node.js';
import { findCycles } from './cycles.js';

/** Targets that are named must exist, and promotion must lead somewhere. */
export function checkTargets(draft: DraftDeployment, root: YamlNode, findings: Findings): void {
  const names = (draft.targets ?? []).map(({ name = '' }) => name);
  const at = (...keys: string[]): number => entryAt(root, 'deployment', ...keys)?.value.offset ?? 0;
  const isKnown = (name: string | undefined, offset: number): boolean => {
    if (name === undefined || names.includes(name)) return name !== undefined;
    const message = `There is no target ${quote(name)}`;
    findings.add({ code: 'CONFIG_UNKNOWN_TARGET', offset, message, hint: didYouMean(name, names) });
    return false;
  };
  isKnown(draft.context?.defaultTarget, at('context', 'default_target'));
  const edges = (draft.targets ?? []).flatMap(({ name = '', value }) => {
    const to = value?.promotion?.from;
    const offset = at('targets', name, 'promotion', 'from');
    return to !== undefined && isKnown(to, offset) ? [{ from: name, to, at: offset }] : [];
  });
  for (const cycle of findCycles(edges)) reportCycle(cycle, findings);
}

function reportCycle(
  cycle: readonly { from: string; to: string; at: number }[],
  findings: Findings,
): void {
  const [first, ...others] = cycle;
  if (first === undefined) return;
  findings.add({
    code: 'CONFIG_CYCLE',
    offset: first.at,
    related: others.map(({ at }) => at),
    message: `Targets are promoted in a cycle: ${cycle.map(({ from }) => from).join(', ')}`,
    hint: 'Let one target be the first.',
  });
}
