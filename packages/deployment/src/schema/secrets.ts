import { quote } from '@nx-nixpack/base';
import { distinct, fields, named } from './combinators/collections.js';
import { oneOf } from './combinators/scalars.js';
import { text } from './combinators/text.js';
import { report, type Checker } from './checker.js';
import { environmentName, phaseName, secretName } from './grammars/names.js';

const NAME = { code: 'CONFIG_INVALID_NAME' } as const;

export const SECRET = {
  env: text({ ...NAME, grammar: environmentName, unspoken: true }),
  as: oneOf('file', 'variable'),
  phases: distinct(text({ grammar: phaseName }), 1),
};

const entries = named({ ...NAME, grammar: secretName }, fields(SECRET, 'env'));
type Secrets = Readonly<
  Record<string, NonNullable<NonNullable<ReturnType<typeof entries>>[number]['value']>>
>;

/** Secrets by name. What is lent as a variable is called as a variable can be called. */
export const secrets: Checker<Secrets> = (slot, checking) => {
  const found: [string, Secrets[string]][] = [];
  for (const { name, at, value } of entries(slot, checking) ?? []) {
    if (value === undefined) continue;
    const expected = value.as === 'variable' ? environmentName(name) : undefined;
    if (expected === undefined) found.push([name, value]);
    else
      report(checking, NAME.code, at, `${quote(name)} is not a valid name of a variable`, expected);
  }
  return slot.node.kind === 'map' ? Object.fromEntries(found) : undefined;
};
