import { quote } from '@nx-nixpack/base';
import type { DraftDeployment } from '../schema/file.js';
import { outside } from '../schema/paths.js';
import { templateKey, type Template } from '../templates/template.js';
import type { Finding, Findings } from '../yaml/findings.js';
import { entriesAt, entryAt, type YamlNode } from '../yaml/yaml-node.js';
import { missingKey } from './missing-key.js';

/** What a loader asks about the workspace. Paths are relative to its root, with forward slashes; '' is the root. */
export interface WorkspaceFacts {
  /** Whether there is a directory, and no symlink on the way leaves the workspace. */
  isDirectory(path: string): boolean;
  /** Whether the path exists, but leads out of the workspace through a symlink. Without it such a path counts as missing. */
  leavesWorkspace?(path: string): boolean;
}

type DraftComponent = NonNullable<
  NonNullable<NonNullable<DraftDeployment['components']>['nixpack']>[number]
>;

/** The rules that involve several keys of one image component, or several components. */
export function checkImageComponents(
  draft: DraftDeployment,
  root: YamlNode,
  workspace: WorkspaceFacts,
  findings: Findings,
): void {
  const nodes = new Map(
    entriesAt(root, 'deployment', 'components', 'nixpack').map(({ key, value }) => [key, value]),
  );
  const taken = new Map<string, string>();
  for (const component of draft.components?.nixpack ?? []) {
    const node = nodes.get(component.name ?? '');
    if (node === undefined || component.value === undefined) continue;
    const at = (...keys: string[]): number => entryAt(node, ...keys)?.value.offset ?? node.offset;
    const published = component.value.settings?.nixpack?.publish !== false;
    if (published) requireImage(node, findings);
    checkPrebuilt(component, at('vars', 'prebuilt'), findings);
    checkBase(node, findings);
    checkSource(component, at('vars', 'source'), workspace, findings);
    if (published) checkImageName(component, at('vars', 'image', 'name'), taken, findings);
  }
}

/** Without a registry and a name there is nowhere to push. */
function requireImage(component: YamlNode, findings: Findings): void {
  const vars = entryAt(component, 'vars');
  if (vars?.value.kind !== 'map') return;
  const image = entryAt(vars.value, 'image');
  if (image === undefined) return findings.add(missingKey(vars, 'image'));
  if (image.value.kind !== 'map') return;
  for (const key of ['registry', 'name'])
    if (entryAt(image.value, key) === undefined) findings.add(missingKey(image, key));
}

function checkPrebuilt({ value }: DraftComponent, offset: number, findings: Findings): void {
  if (value?.vars?.prebuilt === undefined || value.vars.buildCmd === undefined) return;
  findings.add({
    code: 'CONFIG_INVALID_VALUE',
    offset,
    message: 'A prebuilt component has no build_cmd: Nx builds it on the host',
    hint: 'Remove prebuilt or build_cmd.',
  });
}

/** Of a source; a base has none. */
const OF_SOURCES = [
  'source',
  'install_cmd',
  'install_files',
  'build_cmd',
  'start_cmd',
  'providers',
  'config',
  'workspace',
  'include',
  'prebuilt',
];
/** A base is what others name here. */
const OF_BUILDS = ['build_image', 'run_image', 'toolchain', 'keep_build_tools'];

/** An image has a source or is a base. */
function checkBase(component: YamlNode, findings: Findings): void {
  const vars = entryAt(component, 'vars');
  if (vars?.value.kind !== 'map') return;
  const base = entryAt(vars.value, 'base');
  if (base === undefined) {
    if (entryAt(vars.value, 'source') === undefined) findings.add(missingKey(vars, 'source'));
    return;
  }
  const own = OF_SOURCES.map((key) => entryAt(vars.value, key));
  const built = OF_BUILDS.map((key) => entryAt(component, 'settings', 'nixpack', key));
  for (const entry of [...own, ...built])
    if (entry !== undefined) findings.add(notOfBase(entry.key, entry.offset));
}

const notOfBase = (key: string, offset: number): Finding => ({
  code: 'CONFIG_INVALID_VALUE',
  offset,
  message: `A base has no ${key}: it is composed from Debian packages, without a source`,
  hint: `Remove ${key}, or remove base.`,
});

function checkSource(
  { value }: DraftComponent,
  offset: number,
  workspace: WorkspaceFacts,
  findings: Findings,
): void {
  const source = value?.vars?.source;
  if (source === undefined) return;
  if (workspace.leavesWorkspace?.(source) === true)
    return findings.add({ offset, ...outside(source) });
  if (workspace.isDirectory(source)) return;
  findings.add({
    code: 'SOURCE_MISSING',
    offset,
    message: `The source ${quote(source)} is not a directory of the workspace`,
    hint: 'Name an existing directory, relative to the workspace root.',
  });
}

/** Two components that push the same tag to the same repository would overwrite each other. */
function checkImageName(
  { name = '', value }: DraftComponent,
  offset: number,
  taken: Map<string, string>,
  findings: Findings,
): void {
  const image = value?.vars?.image;
  if (image?.name === undefined) return;
  const text = (template: typeof image.name | undefined): string => template?.text ?? '';
  const repository = `${text(image.registry)}/${text(image.name)}`;
  const tags = [image.tag, ...(image.tags ?? [])].map(tagKey);
  const owner = tags.map((tag) => taken.get(`${repository}:${tag}`)).find(Boolean);
  for (const tag of tags) taken.set(`${repository}:${tag}`, name);
  if (owner === undefined) return;
  findings.add({
    code: 'CONFIG_DUPLICATE_IMAGE',
    offset,
    message: `The image ${quote(repository)} is already that of nixpack/${owner}`,
    hint: 'Give each component an image name, or a tag, of its own.',
  });
}

/** A template that was read is there as a whole, or not at all. */
const tagKey = (tag: unknown): string =>
  tag === undefined ? '{{git.sha}}' : templateKey(tag as Template);
