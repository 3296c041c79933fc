import { UserError, type Problem } from '@nx-nixpack/base';
import { checkFile, type CheckedFile } from './check-file.js';
import type { Deployment } from './component.js';
import { healthyPart, type BrokenComponent } from './healthy-part.js';
import type { LoadInput } from './load-input.js';
import type { AliasUse } from './yaml/alias-targets.js';
import { Findings, problemsOf, type Range } from './yaml/findings.js';
import { readYaml } from './yaml/read-yaml.js';
import { decodeSource, type SourceText } from './yaml/source-text.js';
import { entryAt, type YamlNode } from './yaml/yaml-node.js';

export interface LoadedDeployment {
  /** Present when nothing is wrong with the file. */
  readonly deployment?: Deployment;
  /** Everything that is wrong with the file, in order of place. A broken structure is reported alone. */
  readonly problems: readonly Problem[];
  /** What the file may say and this version does not carry out: nothing is built from it until it says something else. */
  readonly unsupported: readonly Problem[];
  /** The deployment without its broken components; absent when what is wrong concerns the whole file. */
  readonly healthy?: Deployment;
  /** Components with an image that cannot be built while the file is as it is, in its order. */
  readonly broken: readonly BrokenComponent[];
}

/** Reads and checks one deployment file. Never throws for what a user wrote. */
export function loadDeployment(input: LoadInput): LoadedDeployment {
  try {
    return loadSource(decodeSource(input.file, input.content, input.maxValues), input);
  } catch (error) {
    if (error instanceof UserError)
      return { problems: error.problems, unsupported: [], broken: [] };
    throw error;
  }
}

function loadSource(source: SourceText, input: LoadInput): LoadedDeployment {
  const structure = new Findings();
  const yaml = readYaml(source, structure);
  const root = orEmptyMap(yaml.root);
  const ignored = ignoredRange(root, yaml.aliases);
  const check = (part: YamlNode, found = new Findings()): CheckedFile =>
    checkFile(part, { source, input, found, ignored });
  const whole = check(root, structure);
  const { deployment, findings, refused } = whole;
  const told = {
    ...(deployment && { deployment }),
    problems: problemsOf(findings, source),
    unsupported: problemsOf(refused, source),
  };
  if (deployment && refused.length === 0) return { ...told, healthy: deployment, broken: [] };
  return { ...told, ...healthyPart(root, whole, { source, check }) };
}

/** An empty file is a map without keys. */
const orEmptyMap = (root: YamlNode): YamlNode =>
  root.kind === 'null' ? { ...root, kind: 'map', entries: [] } : root;

/** Atmos vendors, we do not: whatever stands below `vendor` is no error, unless the rest of the file borrows from there. */
function ignoredRange(root: YamlNode, aliases: readonly AliasUse[]): Range | undefined {
  const vendor = entryAt(root, 'deployment', 'vendor');
  if (vendor === undefined) return undefined;
  const range = { from: vendor.offset + 1, to: vendor.value.end };
  const isInside = (offset: number): boolean => offset >= range.from && offset < range.to;
  const borrowed = aliases.some(({ at, target }) => isInside(target) && !isInside(at));
  return borrowed ? undefined : range;
}
