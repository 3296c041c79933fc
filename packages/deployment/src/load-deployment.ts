import { UserError, type Problem } from '@nx-nixpack/base';
import { checkImageComponents, type WorkspaceFacts } from './rules/components.js';
import { checkTargets } from './rules/targets.js';
import type { Checking } from './schema/checker.js';
import type { Deployment } from './component.js';
import { checkDependencies } from './rules/dependencies.js';
import { deploymentFromYaml } from './deployment-from-yaml.js';
import { Findings } from './yaml/findings.js';
import { readYaml } from './yaml/read-yaml.js';
import { FILE } from './schema/schema.js';
import { decodeSource, type SourceText } from './yaml/source-text.js';
import { TemplatePaths } from './templates/scope.js';
import { entriesAt, entryAt, type YamlNode } from './yaml/yaml-node.js';

export interface LoadInput {
  /** Path of the file, relative to the workspace root, as problems and the deployment name it. */
  readonly file: string;
  readonly content: Uint8Array;
  readonly workspace: WorkspaceFacts;
  /** Variables that `{{ env.<NAME> }}` may name; none by default. */
  readonly allowedEnv?: readonly string[];
  /** Keys and values that the file may have; default 250,000. Each takes about a kilobyte of memory. */
  readonly maxValues?: number;
}

export interface LoadedDeployment {
  /** Present when nothing is wrong with the file. */
  readonly deployment?: Deployment;
  /** Everything that is wrong with the file, in order of place. A broken structure is reported alone. */
  readonly problems: readonly Problem[];
}

/** Reads and checks one deployment file. Never throws for what a user wrote. */
export function loadDeployment(input: LoadInput): LoadedDeployment {
  try {
    return loadSource(decodeSource(input.file, input.content, input.maxValues), input);
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems };
    throw error;
  }
}

function loadSource(source: SourceText, input: LoadInput): LoadedDeployment {
  const findings = new Findings();
  const root = readYaml(source, findings);
  const checking = { findings, templates: templatePathsOf(root, input.allowedEnv ?? []) };
  const raw = checkFile(root, checking);
  if (raw) checkImageComponents(raw, root, input.workspace, checking);
  if (raw) checkTargets(raw, checking);
  const dependencies = raw && checkDependencies(raw, checking);
  const problems = findings.problems(source, vendorRange(root));
  if (problems.length > 0 || raw === undefined || dependencies === undefined) return { problems };
  return { deployment: deploymentFromYaml({ raw, source, dependencies }), problems };
}

/** An empty file is a map without keys. */
function checkFile(root: YamlNode, checking: Checking) {
  const node: YamlNode = root.kind === 'null' ? { ...root, kind: 'map', entries: new Map() } : root;
  return FILE({ node, keyAt: 0, name: '' }, checking)?.deployment;
}

/** What templates may name depends on the rest of the file. */
function templatePathsOf(root: YamlNode, allowedEnv: readonly string[]): TemplatePaths {
  const components = entriesAt(root, 'deployment', 'components', 'nixpack').map(({ key }) => key);
  const contexts = entriesAt(root, 'deployment', 'targets').flatMap(({ value }) => {
    const long = entryAt(value, 'labels') ?? entryAt(value, 'context');
    return long ? entriesAt(value, 'context') : entriesAt(value);
  });
  const contextKeys = [...new Set(contexts.map(({ key }) => key))];
  return new TemplatePaths({ components, contextKeys, allowedEnv });
}

/** Atmos vendors, we do not: whatever stands below `vendor` is no error. */
function vendorRange(root: YamlNode): { from: number; to: number } | undefined {
  const vendor = entryAt(root, 'deployment', 'vendor');
  return vendor && { from: vendor.keyAt + 1, to: vendor.value.end };
}
