import {
  documented,
  flag,
  mapOf,
  optional,
  rewritten,
  settings,
  type Infer,
  type Shape,
  withDefault,
  type DataNode,
  type Slot,
} from '@nx-nixpack/data';
import { literal } from './combinators/texts.js';
import { anyMap } from './combinators/user-data.js';
import { labelKey } from './grammars/names.js';

export const labels = mapOf(literal({ grammar: labelKey }), literal());

export const PROMOTION = settings({
  from: documented('Where a release has to be first', optional(literal())),
  requires_approval: documented('Somebody has to agree', withDefault(flag, false)),
});

export const TARGET = settings({
  labels: documented('Added like those of the deployment', withDefault(labels, {})),
  context: documented('Values for `{{ context.<key> }}`', withDefault(anyMap(), {})),
  promotion: optional(PROMOTION),
});

/** A target in its long form, or in its short one: without `labels` and `context`, all it holds is its context. */
export const target: Shape<Infer<typeof TARGET>> = {
  ...rewritten(TARGET, longForm),
  form: { kind: 'either', shapes: [TARGET, anyMap()] },
};

function longForm(slot: Slot): Slot {
  const { node, keyAt } = slot;
  if (node.kind !== 'map' || node.entries.some(({ key }) => key === 'labels' || key === 'context'))
    return slot;
  const promotion = node.entries.filter(({ key }) => key === 'promotion');
  const rest = node.entries.filter(({ key }) => key !== 'promotion');
  const context: DataNode = { ...node, entries: rest };
  return {
    ...slot,
    node: { ...node, entries: [{ key: 'context', offset: keyAt, value: context }, ...promotion] },
  };
}
