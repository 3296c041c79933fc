import { didYouMean, quote } from '@nx-nixpack/base';
import { COMPONENT_TYPES, type ComponentType } from '../schema/component-types.js';
import type { DraftDeployment, Located } from '../schema/file.js';
import type { Findings } from '../yaml/findings.js';
import { entryAt, type YamlNode } from '../yaml/yaml-node.js';
import { findCycles } from './cycles.js';
import { kebabName } from '../schema/grammars/names.js';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** `depends_on` of each component with full names, by the component's `<type>/<name>`. */
export type Dependencies = ReadonlyMap<string, readonly Located[]>;

/** Finds out what every `depends_on` entry means; reports the missing, repeated and circular ones. */
export function checkDependencies(
  draft: DraftDeployment,
  root: YamlNode,
  findings: Findings,
): Dependencies {
  const found = new Map<string, readonly Located[]>();
  const resolver = new ComponentResolver(draft, findings);
  for (const type of COMPONENT_TYPES)
    for (const { name, value } of draft.components?.[type] ?? []) {
      const entries = value?.metadata?.dependsOn ?? [];
      const resolved = entries.flatMap((entry) => resolver.resolve(entry as Located, type));
      found.set(`${type}/${name}`, withoutRepeated(resolved, findings));
    }
  checkCycles([...dependencyEdges(found), ...baseEdges(draft, root)], findings);
  return found;
}

class ComponentResolver {
  readonly #findings: Findings;
  readonly #deployment: string | undefined;
  readonly #ids: ReadonlySet<string>;

  constructor(draft: DraftDeployment, findings: Findings) {
    this.#findings = findings;
    this.#deployment = draft.name;
    const idsOf = (type: ComponentType): string[] =>
      (draft.components?.[type] ?? []).map(({ name }) => `${type}/${name}`);
    this.#ids = new Set(COMPONENT_TYPES.flatMap(idsOf));
  }

  resolve({ value, at }: Located, type: ComponentType): Located[] {
    const [deployment, inside] = splitDeployment(value);
    if (deployment !== undefined && !isForeign(deployment, inside)) {
      const hint = 'Write <deployment>:<type>/<name>: payment-service:nixpack/api.';
      const message = `${quote(value)} names no component`;
      this.#findings.add({ code: 'CONFIG_INVALID_VALUE', offset: at, message, hint });
      return [];
    }
    if (deployment !== undefined && deployment !== this.#deployment) return [{ value, at }];
    const id = [inside, `${type}/${inside}`].find((candidate) => this.#ids.has(candidate));
    if (id !== undefined) return [{ value: id, at }];
    const own = [...this.#ids].filter((known) => known.startsWith(`${type}/`));
    const known = [...this.#ids, ...own.map((one) => one.slice(type.length + 1))];
    const message = `There is no component ${quote(value)} in this deployment`;
    const hint = didYouMean(value, known);
    this.#findings.add({ code: 'CONFIG_UNKNOWN_COMPONENT', offset: at, message, hint });
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

function withoutRepeated(entries: readonly Located[], findings: Findings): Located[] {
  const seen = new Set<string>();
  return entries.filter(({ value, at }) => {
    if (!seen.has(value)) return seen.add(value);
    const message = `${quote(value)} is named twice in depends_on`;
    findings.add({ code: 'CONFIG_INVALID_VALUE', offset: at, message, hint: 'Name it once.' });
    return false;
  });
}

function dependencyEdges(dependencies: Dependencies): Edge[] {
  return [...dependencies].flatMap(([from, entries]) =>
    entries.map(({ value, at }) => ({ from, to: value, at })),
  );
}

/** A component that is built on the image of another waits for it too. */
function baseEdges(draft: DraftDeployment, root: YamlNode): Edge[] {
  return (draft.components?.nixpack ?? []).flatMap(({ name = '', value }) => {
    const { buildImage, runImage } = value?.settings?.nixpack ?? {};
    const place = ['deployment', 'components', 'nixpack', name, 'settings', 'nixpack'];
    return Object.entries({ build_image: buildImage, run_image: runImage }).flatMap(
      ([key, base]) => {
        if (base?.kind !== 'component') return [];
        const at = entryAt(root, ...place, key)?.value.offset ?? 0;
        return [{ from: `nixpack/${name}`, to: `nixpack/${base.component}`, at }];
      },
    );
  });
}

function checkCycles(edges: readonly Edge[], findings: Findings): void {
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
    hint: 'Remove one of the entries that make the cycle.',
  };
}
