import { didYouMean, quote } from '@nx-nixpack/base';
import type { ComponentType } from '../component.js';
import { report, type Checking, type Placed } from '../schema/checker.js';
import { findCycles } from './cycles.js';
import { kebabName } from '../schema/grammars/names.js';
import type { RawDeployment } from '../schema/schema.js';
import { templatePaths } from '../templates/template.js';

export const COMPONENT_TYPES = ['nixpack', 'terraform', 'helmfile', 'lambda'] as const;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** `depends_on` of each component with full names, by the component's `<type>/<name>`. */
export type Dependencies = ReadonlyMap<string, readonly Placed<string>[]>;

/** Finds out what every `depends_on` entry means; reports the missing, repeated and circular ones. */
export function checkDependencies(raw: RawDeployment, checking: Checking): Dependencies {
  const found = new Map<string, readonly Placed<string>[]>();
  const names = new Names(raw);
  for (const type of COMPONENT_TYPES)
    for (const { name, value } of raw.components?.[type] ?? []) {
      const entries = value?.metadata?.depends_on ?? [];
      const resolved = entries.flatMap((entry) => names.resolve(entry, type, checking));
      found.set(`${type}/${name}`, withoutRepeated(resolved, checking));
    }
  checkCycles([...dependencyEdges(found), ...baseEdges(raw)], checking);
  return found;
}

class Names {
  readonly #deployment: string | undefined;
  readonly #ids: ReadonlySet<string>;

  constructor(raw: RawDeployment) {
    this.#deployment = raw.name?.value;
    const idsOf = (type: ComponentType): string[] =>
      (raw.components?.[type] ?? []).map(({ name }) => `${type}/${name}`);
    this.#ids = new Set(COMPONENT_TYPES.flatMap(idsOf));
  }

  resolve(
    { value, at }: Placed<string>,
    type: ComponentType,
    checking: Checking,
  ): Placed<string>[] {
    const [deployment, inside] = splitDeployment(value);
    if (deployment !== undefined && !isForeign(deployment, inside)) {
      const hint = 'Write <deployment>:<type>/<name>: payment-service:nixpack/api.';
      report(checking, 'CONFIG_INVALID_VALUE', at, `${quote(value)} names no component`, hint);
      return [];
    }
    if (deployment !== undefined && deployment !== this.#deployment) return [{ value, at }];
    const id = [inside, `${type}/${inside}`].find((candidate) => this.#ids.has(candidate));
    if (id !== undefined) return [{ value: id, at }];
    const own = [...this.#ids].filter((known) => known.startsWith(`${type}/`));
    const known = [...this.#ids, ...own.map((one) => one.slice(type.length + 1))];
    const message = `There is no component ${quote(value)} in this deployment`;
    report(checking, 'CONFIG_UNKNOWN_COMPONENT', at, message, didYouMean(value, known));
    return [];
  }
}

/** `deployment:type/name` in its two parts; without a colon all of it is inside. */
export function splitDeployment(reference: string): [string | undefined, string] {
  const colon = reference.indexOf(':');
  if (colon < 0) return [undefined, reference];
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}

const isForeign = (deployment: string, inside: string): boolean =>
  kebabName(deployment) === undefined &&
  COMPONENT_TYPES.some((type) => inside.startsWith(`${type}/`) && inside.length > type.length + 1);

function withoutRepeated(entries: readonly Placed<string>[], checking: Checking): Placed<string>[] {
  const seen = new Set<string>();
  return entries.filter(({ value, at }) => {
    if (!seen.has(value)) return seen.add(value);
    const message = `${quote(value)} is named twice in depends_on`;
    report(checking, 'CONFIG_INVALID_VALUE', at, message, 'Name it once.');
    return false;
  });
}

function dependencyEdges(dependencies: Dependencies): Edge[] {
  return [...dependencies].flatMap(([from, entries]) =>
    entries.map(({ value, at }) => ({ from, to: value, at })),
  );
}

/** A component that is built on the image of another waits for it too. */
function baseEdges(raw: RawDeployment): Edge[] {
  return (raw.components?.nixpack ?? []).flatMap(({ name, value }) => {
    const settings = value?.settings?.nixpack;
    const bases = [settings?.build_image, settings?.run_image].flatMap((base) => base ?? []);
    return bases.flatMap((base) =>
      templatePaths(base.value).map((path) => ({
        from: `nixpack/${name}`,
        to: `nixpack/${path.slice('nixpack.'.length, -'.ref'.length)}`,
        at: base.at,
      })),
    );
  });
}

function checkCycles(edges: readonly Edge[], { findings }: Checking): void {
  const inFileOrder = [...edges].sort((a, b) => a.at - b.at);
  for (const cycle of findCycles(inFileOrder)) {
    const [first, ...others] = cycle;
    if (first === undefined) continue;
    findings.add({
      code: 'CONFIG_CYCLE',
      offset: first.at,
      related: others.map(({ at }) => at),
      ...describeCycle(cycle),
    });
  }
}

/** What to say about components that wait for each other. */
export function describeCycle(cycle: readonly { from: string; to: string }[]): {
  message: string;
  hint: string;
} {
  const [first] = cycle;
  const path = [first?.from, ...cycle.map(({ to }) => to)].join(' -> ');
  if (cycle.length === 1)
    return { message: `${quote(first?.from ?? '')} waits for itself`, hint: 'Remove this entry.' };
  return {
    message: `These components wait for each other: ${path}`,
    hint: 'Remove one of the entries that make the circle.',
  };
}
