import { wrongType, type Checker, type Checking, type Slot } from '../checker.js';
import { checkKey, text, type TextRule } from './text.js';
import type { YamlText } from '../../yaml/yaml-node.js';

/** Data of the user: any YAML, with templates as `use` allows them. */
export const free = (rule: TextRule): Checker<unknown> => {
  const checkLeaf = text(rule);
  const check = (slot: Slot, checking: Checking): unknown => {
    const { node, name } = slot;
    if (node.kind === 'null') return null;
    if (node.kind === 'refused') return undefined;
    if (node.kind === 'list')
      return node.items.map((item) => check({ node: item, keyAt: item.at, name }, checking));
    if (node.kind === 'map') return freeMap(rule)(slot, checking);
    return checkLeaf(slot, checking) === undefined ? undefined : valueOf(node);
  };
  return check;
};

/** A map of data of the user. */
export const freeMap =
  (rule: TextRule): Checker<Readonly<Record<string, unknown>>> =>
  (slot, checking) => {
    if (slot.node.kind !== 'map')
      return wrongType(slot, checking, 'a map', 'Write keys below it, or {} for none.');
    const entries = [...slot.node.entries.values()].map(({ key, keyAt, value }) => {
      const inner = { node: value, keyAt, name: key };
      checkKey(inner, { templates: rule.templates ?? 'none' }, checking);
      return [key, free(rule)(inner, checking)] as const;
    });
    return Object.fromEntries(entries);
  };

/** Numbers only where nothing is lost by it: 1.10, 0123 and 12e4567 stay text. */
function valueOf({ text: written, plain }: YamlText): unknown {
  if (!plain) return written;
  if (/^(?:true|True|TRUE)$/.test(written)) return true;
  if (/^(?:false|False|FALSE)$/.test(written)) return false;
  const number = /^-?\d/.test(written) ? Number(written) : NaN;
  const exact = String(number) === written && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  return exact ? number : written;
}

/** Accepted and left alone. */
export const ignored: Checker<true> = () => true;
