/** One statement about a plan, in place of a whole expected plan. */
export interface Assert {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
  readonly substring?: string;
  readonly count?: number;
}

/** What is wrong with the plan by this statement; undefined when it holds. Throws for an operator it does not know. */
export function failedAssert(assert: Assert, plan: unknown, arch: string): string | undefined {
  const actual = at(plan, assert.path);
  const expected = withArch(assert.value, arch);
  const holds = check(assert, actual, expected, withArch(assert.substring ?? expected, arch));
  return holds
    ? undefined
    : `${JSON.stringify(assert)} does not hold: ${JSON.stringify(actual) ?? 'nothing'}`;
}

function check(
  { op, count, value }: Assert,
  actual: unknown,
  expected: unknown,
  substring: unknown,
): boolean {
  const contains = (item: unknown): boolean =>
    typeof item === 'string' && item.includes(String(substring));
  const items = Array.isArray(actual) ? (actual as unknown[]) : [actual];
  switch (op) {
    case 'equals':
      return JSON.stringify(actual) === JSON.stringify(expected);
    case 'contains':
      return items.some(contains);
    case 'exists':
      return (actual !== undefined) === (expected ?? true);
    case 'length':
      return Array.isArray(actual) && actual.length === expected;
    case 'countContaining':
      return items.filter(contains).length === (count ?? value);
    default:
      throw new Error(`the operator "${op}" is not known`);
  }
}

/** `$.phases.build.cmds[1]` and `$.phases['a b']`. */
function at(value: unknown, path: string): unknown {
  const steps = path.matchAll(/\.([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g);
  let found = value;
  for (const [, name, single, double, index] of steps) {
    const key = name ?? single ?? double ?? index ?? '';
    found =
      found !== null && typeof found === 'object'
        ? (found as Record<string, unknown>)[key]
        : undefined;
  }
  return found;
}

function withArch(value: unknown, arch: string): unknown {
  if (typeof value === 'string') return value.replaceAll('${arch}', arch);
  return Array.isArray(value) ? value.map((item) => withArch(item, arch)) : value;
}
