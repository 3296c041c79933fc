import { compareDebian } from './compare-versions.js';

/** One alternative of a dependency: `name:any (>= 1.2)`. */
export interface Relation {
  readonly name: string;
  /** `any`, `native` or an architecture. */
  readonly qualifier?: string;
  readonly operator?: Operator;
  readonly version?: string;
}

type Operator = '<<' | '<=' | '=' | '>=' | '>>';

const RELATION =
  /^\s*([a-zA-Z0-9][a-zA-Z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^)\s]+)\s*\))?\s*(?:\[[^\]]*\]\s*)?(?:<[^>]*>\s*)*$/;

/** A relationship field (Debian policy 7.1): requirements, each a list of alternatives. What cannot be read is left out. */
export function readRelations(field: string | undefined): readonly (readonly Relation[])[] {
  if (field === undefined || field === '') return [];
  return field
    .split(',')
    .map((requirement) => requirement.split('|').flatMap((text) => readRelation(text) ?? []))
    .filter((alternatives) => alternatives.length > 0);
}

function readRelation(text: string): Relation | undefined {
  const [, name, qualifier, operator, version] = RELATION.exec(text) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(operator === undefined ? {} : { operator: OLD[operator] ?? (operator as Operator) }),
    ...(version === undefined ? {} : { version }),
  };
}

/** `<` and `>` meant what `<=` and `>=` mean (policy 7.1). */
const OLD: Readonly<Record<string, Operator>> = { '<': '<=', '>': '>=' };

/** Whether a version keeps a relation; every version keeps one that names none. */
export function keeps({ operator, version }: Relation, candidate: string): boolean {
  if (operator === undefined || version === undefined) return true;
  const order = compareDebian(candidate, version);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}
