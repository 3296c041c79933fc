import type { Position, Problem, WorkspacePath } from '@nx-nixpack/base';
import type { CheckedFile } from './check-file.js';
import type { ComponentId, Deployment } from './component.js';
import { imageComponentName, kebabName } from './schema/grammars/names.js';
import { COMPONENT_TYPES } from './schema/component-types.js';
import { problemsOf, type Finding } from './yaml/findings.js';
import type { SourceText } from './yaml/source-text.js';
import { entriesAt, entryAt, type YamlEntry, type YamlNode } from './yaml/yaml-node.js';

/** A component with an image that cannot be built while its file is as it is. */
export interface BrokenComponent {
  /** The name of its deployment. */
  readonly deployment: string;
  readonly file: WorkspacePath;
  readonly id: ComponentId;
  readonly name: string;
  readonly at: Position;
  /** Its source, when it is a directory of the workspace. */
  readonly source?: WorkspacePath;
  /** What has to be mended before it can be built; one at least. */
  readonly problems: readonly Problem[];
}

interface Reader {
  readonly source: SourceText;
  /** Looks at a part of the file. */
  readonly check: (part: YamlNode) => CheckedFile;
}

interface HealthyPart {
  readonly healthy?: Deployment;
  readonly broken: readonly BrokenComponent[];
}

/**
 * What is left of a file when its broken components are taken out, and those that need them with them: one mistake must not keep
 * a whole deployment from being built. What is wrong outside of components concerns them all.
 */
export function healthyPart(root: YamlNode, whole: CheckedFile, reader: Reader): HealthyPart {
  const found = faultsOf(whole);
  const components = COMPONENT_TYPES.flatMap((type) => entriesAt(root, ...COMPONENTS, type));
  const reasons = new Map<YamlEntry, readonly Finding[]>();
  let checked = whole;
  for (let faults = found; faults.length > 0; faults = faultsOf(checked)) {
    const owners = ownersOf(faults, components, reasons);
    if (owners === undefined)
      return {
        broken: brokenOf(new Map(components.map((one) => [one, found])), root, whole, reader),
      };
    // Those of a later look lack what an earlier one took out: that is what has to be mended.
    for (const [component, own] of owners) reasons.set(component, checked === whole ? own : found);
    checked = reader.check(without(root, reasons));
  }
  const broken = brokenOf(reasons, root, whole, reader);
  return { ...(checked.deployment && { healthy: checked.deployment }), broken };
}

const COMPONENTS = ['deployment', 'components'];

const faultsOf = ({ findings, refused }: CheckedFile): readonly Finding[] => [
  ...findings,
  ...refused,
];

/** The components in which findings are; undefined when one is in none of those that are left. */
function ownersOf(
  findings: readonly Finding[],
  components: readonly YamlEntry[],
  gone: ReadonlyMap<YamlEntry, unknown>,
): Map<YamlEntry, Finding[]> | undefined {
  const owners = new Map<YamlEntry, Finding[]>();
  for (const finding of findings) {
    const { offset } = finding;
    const owner = components.find((one) => one.offset <= offset && offset < one.value.end);
    if (owner === undefined || gone.has(owner)) return undefined;
    owners.set(owner, [...(owners.get(owner) ?? []), finding]);
  }
  return owners;
}

/** The file without some of its components. */
function without(root: YamlNode, gone: ReadonlyMap<YamlEntry, unknown>): YamlNode {
  const kept = (type: YamlNode): YamlNode =>
    type.kind === 'map'
      ? { ...type, entries: type.entries.filter((entry) => !gone.has(entry)) }
      : type;
  return changed(root, 'deployment', (deployment) =>
    changed(deployment, 'components', (components) =>
      COMPONENT_TYPES.reduce((all, type) => changed(all, type, kept), components),
    ),
  );
}

function changed(node: YamlNode, key: string, change: (value: YamlNode) => YamlNode): YamlNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.map((entry) =>
    entry.key === key ? { ...entry, value: change(entry.value) } : entry,
  );
  return { ...node, entries };
}

function brokenOf(
  reasons: ReadonlyMap<YamlEntry, readonly Finding[]>,
  root: YamlNode,
  { draft }: CheckedFile,
  { source }: Reader,
): BrokenComponent[] {
  const deployment = nameIn(entryAt(root, 'deployment', 'name')?.value);
  if (deployment === undefined) return [];
  const images = new Set(entriesAt(root, ...COMPONENTS, 'nixpack'));
  const sorted = [...reasons].sort(([a], [b]) => a.offset - b.offset);
  return sorted.flatMap(([entry, findings]) => {
    const name = entry.key;
    if (!images.has(entry) || imageComponentName(name) !== undefined) return [];
    const read = draft?.components?.nixpack?.find((one) => one?.name === name)?.value?.vars?.source;
    const isMissing = findings.some(
      ({ code }) => code === 'SOURCE_MISSING' || code === 'SOURCE_OUTSIDE_WORKSPACE',
    );
    return [
      {
        deployment,
        ...{ file: source.file, id: `nixpack/${name}`, name, at: source.at(entry.offset) },
        ...(read === undefined || isMissing ? {} : { source: read }),
        problems: problemsOf(findings, source),
      },
    ];
  });
}

function nameIn(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'text') return undefined;
  const name = String(node.value);
  return kebabName(name) === undefined ? name : undefined;
}
