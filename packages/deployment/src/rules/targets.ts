import { didYouMean, quote } from '@nx-nixpack/base';
import { report, type Checking, type Placed } from '../schema/checker.js';
import { findCycles } from './cycles.js';
import type { RawDeployment } from '../schema/schema.js';

/** Targets that are named must exist, and promotion must lead somewhere. */
export function checkTargets(raw: RawDeployment, checking: Checking): void {
  const names = (raw.targets ?? []).map(({ name }) => name);
  const isKnown = (named: Placed<string> | undefined): named is Placed<string> => {
    if (named === undefined || names.includes(named.value)) return named !== undefined;
    const message = `There is no target ${quote(named.value)}`;
    const hint = didYouMean(named.value, names);
    return Boolean(report(checking, 'CONFIG_UNKNOWN_TARGET', named.at, message, hint));
  };
  isKnown(raw.context?.default_target);
  const edges = (raw.targets ?? []).flatMap(({ name, value }) => {
    const from = value?.promotion?.from;
    return isKnown(from) ? [{ from: name, to: from.value, at: from.at }] : [];
  });
  for (const cycle of findCycles(edges)) reportCycle(cycle, checking);
}

function reportCycle(
  cycle: readonly { from: string; to: string; at: number }[],
  { findings }: Checking,
): void {
  const [first, ...others] = cycle;
  if (first === undefined) return;
  findings.add({
    code: 'CONFIG_CYCLE',
    offset: first.at,
    related: others.map(({ at }) => at),
    message: `Targets are promoted in a circle: ${cycle.map(({ from }) => from).join(', ')}`,
    hint: 'Let one target be the first.',
  });
}
