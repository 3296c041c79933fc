import { normalizePath, quote } from '@nx-nixpack/base';
import { missingKey, requireKeys } from '../schema/combinators/collections.js';
import { report, type Checking } from '../schema/checker.js';
import type { RawDeployment, RawImage } from '../schema/schema.js';
import { entriesAt, entryAt, type YamlNode } from '../yaml/yaml-node.js';

/** What a loader asks about the workspace. Paths are relative to its root, with forward slashes; '' is the root. */
export interface WorkspaceFacts {
  /** Whether there is a directory, and no symlink on the way leaves the workspace. */
  isDirectory(path: string): boolean;
  /** Whether the path exists, but leads out of the workspace through a symlink. Without it such a path counts as missing. */
  leavesWorkspace?(path: string): boolean;
}

/** The rules that involve several keys of one image component. */
export function checkImageComponents(
  raw: RawDeployment,
  root: YamlNode,
  workspace: WorkspaceFacts,
  checking: Checking,
): void {
  const nodes = entriesAt(root, 'deployment', 'components', 'nixpack');
  const values = new Map((raw.components?.nixpack ?? []).map(({ name, value }) => [name, value]));
  for (const { key, value: node } of nodes) {
    const component = values.get(key);
    if (component === undefined) continue;
    if (component.settings?.nixpack?.publish !== false) requireImage(node, checking);
    checkPrebuilt(component, checking);
    checkSource(component, workspace, checking);
  }
  checkImageNames(raw, checking);
}

/** Without a registry and a name there is nowhere to push. */
function requireImage(component: YamlNode, checking: Checking): void {
  const vars = entryAt(component, 'vars');
  if (vars?.value.kind !== 'map') return;
  const image = vars.value.entries.get('image');
  if (image === undefined)
    return missingKey({ keyAt: vars.keyAt, name: 'vars' }, 'image', checking);
  if (image.value.kind !== 'map') return;
  const slot = { node: image.value, keyAt: image.keyAt, name: 'image' };
  requireKeys(image.value, slot, ['registry', 'name'], checking);
}

function checkPrebuilt({ vars }: RawImage, checking: Checking): void {
  if (vars?.prebuilt === undefined || vars.build_cmd === undefined) return;
  report(
    checking,
    'CONFIG_INVALID_VALUE',
    vars.prebuilt.at,
    'A prebuilt component has no build_cmd: Nx builds it on the host',
    'Remove prebuilt or build_cmd.',
  );
}

function checkSource({ vars }: RawImage, workspace: WorkspaceFacts, checking: Checking): void {
  if (vars?.source === undefined) return;
  const { value, at } = vars.source;
  if (/[\\\n\t]/.test(value)) {
    const hint = 'Write a path with forward slashes: services/api.';
    return report(checking, 'CONFIG_INVALID_VALUE', at, `${quote(value)} is not a path`, hint);
  }
  const path = normalizePath(value);
  if (path === undefined || workspace.leavesWorkspace?.(path) === true) {
    const hint = 'Name a directory below the workspace root, relative to it.';
    const message = `The source ${quote(value)} is outside the workspace`;
    return report(checking, 'SOURCE_OUTSIDE_WORKSPACE', at, message, hint);
  }
  if (workspace.isDirectory(path)) return;
  const hint = 'Name an existing directory, relative to the workspace root.';
  const message = `The source ${quote(value)} is not a directory of the workspace`;
  report(checking, 'SOURCE_MISSING', at, message, hint);
}

/** Two components that push the same tag to the same repository would overwrite each other. */
function checkImageNames(raw: RawDeployment, checking: Checking): void {
  const taken = new Map<string, string>();
  for (const { name, value } of raw.components?.nixpack ?? []) {
    const image = value?.vars?.image;
    if (image?.name === undefined || value?.settings?.nixpack?.publish === false) continue;
    const repository = `${image.registry ?? ''}/${image.name.value}`;
    const tags = [image.tag ?? '', ...(image.tags ?? [])].map(tagKey);
    const owner = tags.map((tag) => taken.get(`${repository}:${tag}`)).find(Boolean);
    for (const tag of tags) taken.set(`${repository}:${tag}`, name);
    if (owner === undefined) continue;
    const message = `The image ${quote(repository)} is already that of nixpack/${owner}`;
    const hint = 'Give each component an image name, or a tag, of its own.';
    report(checking, 'CONFIG_DUPLICATE_IMAGE', image.name.at, message, hint);
  }
}

/** Templates that differ in spaces only are the same tag. */
const tagKey = (tag: string): string =>
  (tag === '' ? '{{git.sha}}' : tag).replace(/\{\{\s*|\s*\}\}/g, (brace) => brace.trim());
