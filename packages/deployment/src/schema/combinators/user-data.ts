import {
  below,
  textOf,
  wrongType,
  type DataNode,
  type Reading,
  type Shape,
  type Slot,
} from '@nx-nixpack/data';
import type { TemplateUse } from '../../templates/scope.js';
import { template } from './texts.js';

/** A map of data of the user: any YAML below it, with templates as `use` allows them, which stay as they are. */
export const anyMap = (use: TemplateUse = 'none'): Shape<Readonly<Record<string, unknown>>> => ({
  form: { kind: 'map', value: { form: { kind: 'any' }, read: () => undefined } },
  read: (slot, reading) => readMap(slot, reading, template(use)),
});

function readMap(
  slot: Slot,
  reading: Reading,
  leaf: Shape<unknown>,
): Readonly<Record<string, unknown>> | undefined {
  const { node, path } = slot;
  if (node.kind !== 'map')
    return wrongType(slot, reading, 'a map', 'Write keys below it, or {} for none.');
  const entries = node.entries.map(({ key, offset, value }) => {
    const inner = { node: value, keyAt: offset, path: below(path, key) };
    leaf.read({ ...inner, node: { kind: 'text', value: key, offset } }, reading);
    return [key, readAny(inner, reading, leaf)] as const;
  });
  return Object.fromEntries(entries);
}

function readAny(slot: Slot, reading: Reading, leaf: Shape<unknown>): unknown {
  const { node } = slot;
  if (node.kind === 'null') return null;
  if (node.kind === 'refused') return undefined;
  if (node.kind === 'map') return readMap(slot, reading, leaf);
  if (node.kind === 'list')
    return node.items.map((item) =>
      readAny({ ...slot, node: item, keyAt: item.offset }, reading, leaf),
    );
  return leaf.read(slot, reading) === undefined ? undefined : scalar(node);
}

/** Numbers only where nothing is lost by it: 1.10, 0123 and 12e4567 stay text. */
function scalar(node: DataNode): unknown {
  if (node.kind === 'boolean') return node.value;
  const written = textOf(node) ?? '';
  if (node.kind === 'text') return written;
  const number = /^-?\d/.test(written) ? Number(written) : NaN;
  const exact = String(number) === written && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  return exact ? number : written;
}
