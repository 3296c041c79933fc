import type { Problem } from '@nx-nixpack/base';
import type {
  BaseVars,
  Component,
  ConsumerComponent,
  Deployment,
  NixpackComponent,
  NixpackVars,
} from './component.js';
import type { Dependencies } from './rules/dependencies.js';
import { COMPONENT_TYPES, type ComponentType } from './schema/component-types.js';
import type { ConsumerYaml, DeploymentYaml, NixpackYaml } from './schema/file.js';
import type { ToolchainName } from './schema/settings.js';
import type { SourceText } from './yaml/source-text.js';

/** Shapes have read every value into its place; what is left is what involves the whole file. */

export interface CheckedFile {
  readonly yaml: DeploymentYaml;
  /** Offset of the deployment's name. */
  readonly nameAt: number;
  readonly source: SourceText;
  readonly dependencies: Dependencies;
  /** Offsets of the names under `pkgs` and `libs`, by component. */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly unread: readonly Problem[];
  /** Of components that name none. */
  readonly defaultToolchain: ToolchainName;
}

/** The deployment of a file in which nothing is wrong. */
export function deploymentFromYaml(checked: CheckedFile): Deployment {
  const { yaml, nameAt, source } = checked;
  const { name, description, labels, stacks, context, targets } = yaml;
  return {
    file: source.file,
    at: source.at(nameAt),
    name,
    ...(description !== undefined && { description }),
    labels,
    stacks,
    ...(context.defaultTarget !== undefined && { defaultTarget: context.defaultTarget }),
    promoteBy: context.promoteBy,
    components: COMPONENT_TYPES.flatMap((type) => componentsOf(checked, type)),
    targets: targets.map((target) => ({ name: target.name, ...target.value })),
    unread: checked.unread,
  };
}

function componentsOf(checked: CheckedFile, type: ComponentType): readonly Component[] {
  const { components } = checked.yaml;
  if (type !== 'nixpack') return components[type].map((entry) => consumer(entry, type, checked));
  return components.nixpack.map((entry) => {
    const { vars, settings } = entry.value;
    const composed = vars.base && composition(vars.base);
    const toolchain = settings.nixpack.toolchain ?? checked.defaultToolchain;
    return {
      ...shared(entry, type, checked),
      type,
      vars: built(vars),
      ...packagesAt(entry.name, checked),
      settings: { ...settings.nixpack, toolchain, ...composed },
    };
  });
}

function packagesAt(
  name: string,
  { packages, source }: CheckedFile,
): Pick<NixpackComponent, 'packagesAt'> {
  const offsets = [...(packages.get(name) ?? [])];
  if (offsets.length === 0) return {};
  return { packagesAt: new Map(offsets.map(([one, offset]) => [one, source.at(offset)])) };
}

/** One of source and base is there: checkImageComponents has seen to it. */
function built({ source, base, ...vars }: NixpackYaml['value']['vars']): NixpackVars {
  if (base !== undefined) return { ...vars, base };
  if (source !== undefined) return { ...vars, source };
  throw new Error('a component without source and base was not refused');
}

/** A base is made of Debian packages, and its compilers are what it is for, or not. */
const composition = ({ purpose }: BaseVars) =>
  ({ toolchain: 'debian', keepBuildTools: purpose === 'build' }) as const;

function consumer(
  entry: ConsumerYaml,
  type: ConsumerComponent['type'],
  checked: CheckedFile,
): ConsumerComponent {
  const { vars, settings, env } = entry.value;
  return { ...shared(entry, type, checked), type, vars, settings, env };
}

function shared(
  { name, at, value }: NixpackYaml | ConsumerYaml,
  type: ComponentType,
  { source, dependencies }: CheckedFile,
): Omit<ConsumerComponent, 'type' | 'vars' | 'settings' | 'env'> {
  const id = `${type}/${name}`;
  const entries = dependencies.get(id) ?? [];
  return {
    id,
    name,
    labels: value.metadata.labels,
    dependsOn: entries.map((entry) => entry.value),
    dependsOnAt: entries.map((entry) => source.at(entry.at)),
    at: source.at(at),
  };
}
