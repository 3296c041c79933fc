import { UserError, type Problem, type WorkspacePath } from '@nx-nixpack/base';
import { byKey, readShape, textOf, type ReadingOptions } from '@nx-nixpack/data';
import type { Deployment } from './component.js';
import { deploymentFromYaml } from './deployment-from-yaml.js';
import { checkImageComponents, type WorkspaceFacts } from './rules/components.js';
import { checkDependencies } from './rules/dependencies.js';
import { checkTargets } from './rules/targets.js';
import { unsupportedIn } from './rules/unsupported-in.js';
import { PLACES } from './schema/base-reference.js';
import { TEMPLATES } from './schema/combinators/texts.js';
import { deploymentFile } from './schema/file.js';
import type { KnownNames } from './schema/known-names.js';
import { DEFAULT_TOOLCHAIN, type ToolchainName } from './schema/settings.js';
import { TemplateScope } from './templates/scope.js';
import type { AliasUse } from './yaml/alias-targets.js';
import { Findings } from './yaml/findings.js';
import { readYaml } from './yaml/read-yaml.js';
import { decodeSource, type SourceText } from './yaml/source-text.js';
import { entriesAt, entryAt, type YamlNode } from './yaml/yaml-node.js';

export interface LoadInput {
  /** As problems and the deployment name it. */
  readonly file: WorkspacePath;
  readonly content: Uint8Array;
  readonly workspace: WorkspaceFacts;
  /** Languages, engines and formats that there are. */
  readonly names: KnownNames;
  /** Variables that `{{ env.<NAME> }}` may name; none by default. */
  readonly allowedEnv?: readonly string[];
  /** Who brings the tools of components that do not say; default `nix`. */
  readonly defaultToolchain?: ToolchainName;
  /** Keys and values that the file may have; default 250,000. Each takes about a kilobyte of memory. */
  readonly maxValues?: number;
}

export interface LoadedDeployment {
  /** Present when nothing is wrong with the file. */
  readonly deployment?: Deployment;
  /** Everything that is wrong with the file, in order of place. A broken structure is reported alone. */
  readonly problems: readonly Problem[];
  /** What the file may say and this version does not carry out: nothing is built from it until it says something else. */
  readonly unsupported: readonly Problem[];
}

/** Reads and checks one deployment file. Never throws for what a user wrote. */
export function loadDeployment(input: LoadInput): LoadedDeployment {
  try {
    return loadSource(decodeSource(input.file, input.content, input.maxValues), input);
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems, unsupported: [] };
    throw error;
  }
}

function loadSource(source: SourceText, input: LoadInput): LoadedDeployment {
  const findings = new Findings();
  const yaml = readYaml(source, findings);
  const root = orEmptyMap(yaml.root);
  const shape = shapeFor(input.names);
  const { draft, value, faults } = readShape(shape, root, readingOptions(root, source, input));
  for (const fault of faults) findings.add(fault);
  const file = draft?.deployment;
  if (file) checkImageComponents(file, root, input.workspace, findings);
  if (file) checkTargets(file, root, findings);
  const dependencies = file && checkDependencies(file, root, findings);
  const problems = findings.problems(source, ignoredRange(root, yaml.aliases));
  const told = unsupportedIn(root);
  const unsupported = new Findings(told.refused).problems(source);
  if (problems.length > 0 || value === undefined || dependencies === undefined)
    return { problems, unsupported };
  const unread = new Findings(told.unread).problems(source);
  const nameAt = entryAt(root, 'deployment', 'name')?.value.offset ?? 0;
  const { defaultToolchain = DEFAULT_TOOLCHAIN } = input;
  const checked = { yaml: value.deployment, nameAt, source, dependencies, unread };
  const deployment = deploymentFromYaml({ ...checked, defaultToolchain });
  return { deployment, problems, unsupported };
}

/** Names are asked when a file is read, so the shape is the same for all files. */
const shapes = new WeakMap<KnownNames, ReturnType<typeof deploymentFile>>();

function shapeFor(names: KnownNames): ReturnType<typeof deploymentFile> {
  const shape = shapes.get(names) ?? deploymentFile(names);
  shapes.set(names, shape);
  return shape;
}

/** An empty file is a map without keys. */
const orEmptyMap = (root: YamlNode): YamlNode =>
  root.kind === 'null' ? { ...root, kind: 'map', entries: [] } : root;

function readingOptions(root: YamlNode, source: SourceText, input: LoadInput): ReadingOptions {
  return {
    naming: byKey('The file'),
    context: new Map<symbol, unknown>([
      [TEMPLATES.symbol, templateScope(root, input.allowedEnv ?? [])],
      [PLACES.symbol, (offset: number) => source.at(offset)],
    ]),
  };
}

/** What templates may name depends on the rest of the file. */
function templateScope(root: YamlNode, allowedEnv: readonly string[]): TemplateScope {
  const name = entryAt(root, 'deployment', 'name')?.value;
  const components = entriesAt(root, 'deployment', 'components', 'nixpack').map(({ key }) => key);
  const contexts = entriesAt(root, 'deployment', 'targets').flatMap(({ value }) => {
    const long = entryAt(value, 'labels') ?? entryAt(value, 'context');
    return long ? entriesAt(value, 'context') : entriesAt(value);
  });
  const contextKeys = [...new Set(contexts.map(({ key }) => key))];
  const deployment = (name && textOf(name)) ?? '';
  return new TemplateScope({ deployment, components, contextKeys, allowedEnv });
}

/** Atmos vendors, we do not: whatever stands below `vendor` is no error, unless the rest of the file borrows from there. */
function ignoredRange(
  root: YamlNode,
  aliases: readonly AliasUse[],
): { from: number; to: number } | undefined {
  const vendor = entryAt(root, 'deployment', 'vendor');
  if (vendor === undefined) return undefined;
  const range = { from: vendor.offset + 1, to: vendor.value.end };
  const isInside = (offset: number): boolean => offset >= range.from && offset < range.to;
  const borrowed = aliases.some(({ at, target }) => isInside(target) && !isInside(at));
  return borrowed ? undefined : range;
}
