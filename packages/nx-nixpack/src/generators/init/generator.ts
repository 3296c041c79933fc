import {
  addDependenciesToPackageJson,
  formatFiles,
  readNxJson,
  updateNxJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import type { InitOptions } from './schema.js';

const PLUGIN = 'nx-nixpack';
/** Base images for `oci:` references and the tasks' outputs: made by tools, never committed. */
const IGNORED = ['dist', '.bases'];

/** Registers the plugin. Running it again changes nothing. */
export default async function init(tree: Tree, options: InitOptions): Promise<GeneratorCallback> {
  registerPlugin(tree);
  ignoreOutputs(tree);
  const { version } = await import('../../version.js');
  const install = addDependenciesToPackageJson(
    tree,
    {},
    { [PLUGIN]: version },
    undefined,
    options.keepExistingVersions ?? true,
  );
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

function registerPlugin(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const registered = plugins.some((one) => (typeof one === 'string' ? one : one.plugin) === PLUGIN);
  if (!registered) updateNxJson(tree, { ...nxJson, plugins: [...plugins, PLUGIN] });
}

function ignoreOutputs(tree: Tree): void {
  const text = tree.exists('.gitignore') ? (tree.read('.gitignore', 'utf8') ?? '') : '';
  const lines = text.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = IGNORED.filter((name) => !lines.includes(name));
  if (missing.length === 0) return;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${text}${separator}${missing.map((name) => `/${name}\n`).join('')}`);
}
