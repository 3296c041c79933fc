import {
  anyValue,
  dictionary,
  either,
  flag,
  list,
  oneOf,
  optional,
  rewritten,
  text,
  type OptionalShape,
  type Shape,
} from '@nx-nixpack/data';
import { facts } from '../../source/manifest.js';
import { edition, integer, texts } from './cargo-values.js';

/** `[lib]`, or one of `[[bin]]` and the like. */
export const product = facts(
  {
    name: optional(text()),
    path: optional(text()),
    edition: optional(edition),
    'crate-type': optional(texts),
    'required-features': optional(texts),
    ...flags('test', 'doctest', 'bench', 'doc', 'plugin', 'proc-macro', 'harness'),
  },
  { proc_macro: 'proc-macro' },
);
export const products = optional(list(product));

const LTO = ['off', 'n', 'no', 'thin', 'fat', 'on', 'y', 'yes', 'true', 'false'];
const DEBUG = ['none', 'limited', 'line-directives-only', 'line-tables-only', 'full'];
const STRIP = ['none', 'debuginfo', 'symbols'];

export const profiles = optional(
  dictionary(
    facts({
      debug: optional(either(flag, integer(0, 2), oneOf(...DEBUG))),
      strip: optional(either(flag, oneOf(...STRIP))),
      lto: optional(either(flag, oneOf(...LTO))),
      'split-debuginfo': optional(text()),
      'codegen-units': optional(integer(0, 65_535)),
      panic: optional(text()),
      inherits: optional(text()),
      package: optional(dictionary(anyValue)),
      ...flags('rpath', 'debug-assertions', 'incremental', 'overflow-checks'),
    }),
  ),
);

const LINT_LEVELS = ['allow', 'warn', 'deny', 'forbid'] as const;
const level = oneOf(...LINT_LEVELS);
const lint = either(level, facts({ level, priority: optional(integer(-(2 ** 31), 2 ** 31 - 1)) }));
export const lintGroups = dictionary(dictionary(lint));

const fromWorkspace = facts({ workspace: optional(flag) });
const ownGroups = rewritten(lintGroups, (slot) => {
  if (slot.node.kind !== 'map') return slot;
  const entries = slot.node.entries.filter(({ key }) => key !== 'workspace');
  return { ...slot, node: { ...slot.node, entries } };
});

/** Groups, and whether the workspace's count. */
export const lints: Shape<unknown> = {
  form: lintGroups.form,
  read: (slot, reading) => {
    fromWorkspace.read(slot, reading);
    return ownGroups.read(slot, reading);
  },
};

function flags<K extends string>(
  ...names: readonly K[]
): Readonly<Record<K, OptionalShape<boolean>>> {
  return Object.fromEntries(names.map((name) => [name, optional(flag)])) as Record<
    K,
    OptionalShape<boolean>
  >;
}
