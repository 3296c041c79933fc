import { quote, type ErrorCode } from '@nx-nixpack/base';
import type { Findings } from '../yaml/findings.js';
import type { TemplatePaths } from '../templates/scope.js';
import type { YamlNode } from '../yaml/yaml-node.js';

/** A value and how to speak about it. */
export interface Slot {
  readonly node: YamlNode;
  /** Offset of its key; for what has none, of the value itself. */
  readonly keyAt: number;
  /** Its key, or `key[index]`, for messages. */
  readonly name: string;
}

export interface Checking {
  readonly findings: Findings;
  readonly templates: TemplatePaths;
}

/** Checks one value and gives it back in its type; undefined when that was not possible, which has been reported then. */
export type Checker<T> = (slot: Slot, checking: Checking) => T | undefined;
export type Checked<C> = C extends Checker<infer T> ? T : never;

/** A value whose place matters to a later check. */
export interface Placed<T> {
  readonly value: T;
  readonly at: number;
}

export const placed =
  <T>(check: Checker<T>): Checker<Placed<T>> =>
  (slot, checking) => {
    const value = check(slot, checking);
    return value === undefined ? undefined : { value, at: slot.node.at };
  };

export function report(
  { findings }: Checking,
  code: ErrorCode,
  offset: number,
  message: string,
  hint: string,
): undefined {
  findings.add({ code, offset, message, hint });
}

const KINDS = { text: 'text', null: 'nothing', list: 'a list', map: 'a map', refused: '' };

/** Tells the kind that was found, not the text: it may be a secret in the wrong place. */
export function wrongType(
  { node, name }: Slot,
  checking: Checking,
  expected: string,
  hint: string,
): undefined {
  if (node.kind === 'refused') return;
  const message = `${name === '' ? 'The file' : quote(name)} must be ${expected}, not ${KINDS[node.kind]}`;
  report(checking, 'CONFIG_WRONG_TYPE', node.at, message, hint);
}
