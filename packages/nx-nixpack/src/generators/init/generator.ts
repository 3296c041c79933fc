import { logger, readNxJson, updateJson, updateNxJson, type Tree } from 'nx/src/devkit-exports';
import { compareText } from '@nx-nixpack/base';
import type { PluginOptions } from '../../options/options.js';
import { formatted } from '../formatted.js';
import type { InitOptions } from './schema.js';

const PLUGIN = 'nx-nixpack';
/** Base images for `oci:` references and the tasks' outputs: made by tools, never committed. */
const IGNORED = ['dist', '.bases'];

/** What a stranger's first build needs nothing of their own for. */
const OPTIONS = { toolchain: 'debian' } as const satisfies PluginOptions;

const EXPLANATION = `nx.json: "toolchain": "debian" is set for ${PLUGIN}: components that name no toolchain take their languages from Debian and the registries of the languages, in the versions that the sources ask for, and need no base image. A component may say another in settings.nixpack.toolchain: "base" takes the tools from its build_image.
Next: describe what to build below deployments/ (source and image are enough), then run npx nx run <component>:plan-image --explain.`;

/** Registers the plugin. Running it again changes nothing. */
export default async function init(tree: Tree, options: InitOptions): Promise<void> {
  if (registerPlugin(tree)) logger.info(EXPLANATION);
  ignoreOutputs(tree);
  const { version } = await import('../../version.js');
  dependOn(tree, version, options.keepExistingVersions ?? true);
  if (!options.skipFormat) await formatted(tree);
}

interface Dependencies {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** It runs, so it is installed; what is missing is at most the line that says so. */
function dependOn(tree: Tree, version: string, keep: boolean): void {
  updateJson(tree, 'package.json', (manifest: Dependencies) => {
    const { dependencies = {}, devDependencies = {} } = manifest;
    if (PLUGIN in dependencies || (PLUGIN in devDependencies && keep)) return manifest;
    const sorted = Object.entries({ ...devDependencies, [PLUGIN]: version }).sort(([a], [b]) =>
      compareText(a, b),
    );
    return { ...manifest, devDependencies: Object.fromEntries(sorted) };
  });
}

/** Whether it was not there. An entry that a user wrote stays as it is. */
function registerPlugin(tree: Tree): boolean {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  if (plugins.some((one) => (typeof one === 'string' ? one : one.plugin) === PLUGIN)) return false;
  updateNxJson(tree, {
    ...nxJson,
    plugins: [...plugins, { plugin: PLUGIN, options: { ...OPTIONS } }],
  });
  return true;
}

function ignoreOutputs(tree: Tree): void {
  const text = tree.exists('.gitignore') ? (tree.read('.gitignore', 'utf8') ?? '') : '';
  const lines = text.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = IGNORED.filter((name) => !lines.includes(name));
  if (missing.length === 0) return;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${text}${separator}${missing.map((name) => `/${name}\n`).join('')}`);
}
