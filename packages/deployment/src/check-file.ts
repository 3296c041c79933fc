import { byKey, readShape, textOf, type ReadingOptions } from '@nx-nixpack/data';
import type { Deployment } from './component.js';
import { deploymentFromYaml } from './deployment-from-yaml.js';
import type { LoadInput } from './load-input.js';
import { checkImageComponents } from './rules/components.js';
import { checkDependencies } from './rules/dependencies.js';
import { checkTargets } from './rules/targets.js';
import { unsupportedIn } from './rules/unsupported-in.js';
import { PLACES } from './schema/base-reference.js';
import { TEMPLATES } from './schema/combinators/texts.js';
import { deploymentFile, type DraftDeployment } from './schema/file.js';
import type { KnownNames } from './schema/known-names.js';
import { DEFAULT_TOOLCHAIN } from './schema/settings.js';
import { TemplateScope } from './templates/scope.js';
import { Findings, type Finding, type Range } from './yaml/findings.js';
import type { SourceText } from './yaml/source-text.js';
import { entriesAt, entryAt, type YamlNode } from './yaml/yaml-node.js';

/** What one look at a file, or at a part of it, says. */
export interface CheckedFile {
  readonly findings: readonly Finding[];
  /** What is not carried out yet. */
  readonly refused: readonly Finding[];
  /** What could be read in spite of them. */
  readonly draft?: DraftDeployment | undefined;
  /** Present when nothing is wrong. */
  readonly deployment?: Deployment;
}

interface Given {
  readonly source: SourceText;
  readonly input: LoadInput;
  /** What reading the YAML has found; all else is added to it. */
  readonly found: Findings;
  readonly ignored: Range | undefined;
}

/** Holds a file against the schema and against the rules that involve several keys. */
export function checkFile(root: YamlNode, { source, input, found, ignored }: Given): CheckedFile {
  const shape = shapeFor(input.names);
  const { draft, value, faults } = readShape(shape, root, readingOptions(root, source, input));
  for (const fault of faults) found.add(fault);
  const file = draft?.deployment;
  if (file) checkImageComponents(file, root, input.workspace, found);
  if (file) checkTargets(file, root, found);
  const dependencies = file && checkDependencies(file, root, found);
  const findings = found.found(ignored);
  const told = unsupportedIn(root);
  const looked = { findings, refused: new Findings(told.refused).found(), draft: file };
  if (findings.length > 0 || !value || !dependencies) return looked;
  const unread = new Findings(told.unread).problems(source);
  const nameAt = entryAt(root, 'deployment', 'name')?.value.offset ?? 0;
  const { defaultToolchain = DEFAULT_TOOLCHAIN } = input;
  const packages = packagesIn(root);
  const checked = { yaml: value.deployment, nameAt, source, dependencies, packages, unread };
  return { ...looked, deployment: deploymentFromYaml({ ...checked, defaultToolchain }) };
}

/** Names of packages and where they stand: whether they mean something is found out when an image is planned. */
const packagesIn = (root: YamlNode): ReadonlyMap<string, ReadonlyMap<string, number>> =>
  new Map(
    entriesAt(root, 'deployment', 'components', 'nixpack').map(({ key, value }) => {
      const lists = ['pkgs', 'libs'].map((list) => entryAt(value, 'vars', list)?.value);
      const names = lists.flatMap((list) => (list?.kind === 'list' ? list.items : []));
      return [
        key,
        new Map(
          names.flatMap((one) => (one.kind === 'text' ? [[String(one.value), one.offset]] : [])),
        ),
      ];
    }),
  );

/** Names are asked when a file is read, so the shape is the same for all files. */
const shapes = new WeakMap<KnownNames, ReturnType<typeof deploymentFile>>();

function shapeFor(names: KnownNames): ReturnType<typeof deploymentFile> {
  const shape = shapes.get(names) ?? deploymentFile(names);
  shapes.set(names, shape);
  return shape;
}

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
