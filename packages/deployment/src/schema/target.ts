import { fields, type Fields } from './combinators/collections.js';
import { freeMap } from './combinators/free.js';
import { flag } from './combinators/scalars.js';
import { text } from './combinators/text.js';
import { placed, type Checker, type Slot } from './checker.js';
import type { YamlEntry } from '../yaml/yaml-node.js';

const promotion = fields({ from: placed(text()), requires_approval: flag });
const context = freeMap({});

export interface TargetShape extends Record<string, Checker<unknown>> {
  labels: Checker<Readonly<Record<string, string>>>;
  context: typeof context;
  promotion: typeof promotion;
}
export type RawTarget = Fields<TargetShape>;

/** A target in its long form, or in its short one: without `labels` and `context`, all it holds is its context. */
export const target = (labels: TargetShape['labels']): Checker<RawTarget> => {
  const long = fields<TargetShape>({ labels, context, promotion });
  return (slot, checking) => long(longForm(slot), checking);
};

function longForm(slot: Slot): Slot {
  const { node } = slot;
  if (node.kind !== 'map' || node.entries.has('labels') || node.entries.has('context')) return slot;
  const own = node.entries.get('promotion');
  const rest = new Map(node.entries);
  rest.delete('promotion');
  const inner = { ...node, entries: rest };
  const short: YamlEntry = { key: 'context', keyAt: slot.keyAt, value: inner };
  const entries = new Map<string, YamlEntry>([['context', short]]);
  if (own) entries.set('promotion', own);
  return { ...slot, node: { ...node, entries } };
}
