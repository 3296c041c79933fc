import { CADDYFILE } from './caddyfile.js';
import type { Phase } from '../../plan/build-plan.js';
import { setting } from '../environment.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { WHITE } from '../../source/plain-text.js';
import type { Environment } from '../provider.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { hasDependency } from './package-json.js';
import type { PackageJson } from './package-json.js';

export const SPA_START = 'exec caddy run --config /assets/Caddyfile --adapter caddyfile 2>&1';
export const SPA_ASSETS = { Caddyfile: CADDYFILE } as const;
export const CADDY_PHASE: Phase = {
  name: 'caddy',
  dependsOn: ['setup'],
  nixPkgs: ['caddy'],
  nixOverlays: [],
  nixpkgsArchive: ARCHIVES.caddy,
  cmds: ['caddy fmt --overwrite /assets/Caddyfile'],
};

const CONFIGS = ['vite.config.js', 'vite.config.ts'] as const;
/** Frameworks whose Vite build is a single page; the second list names what turns it into a server. */
const FRAMEWORKS: readonly (readonly [name: string, unless: readonly string[]])[] = [
  ['react', ['@remix-run/react', '@react-router/node']],
  ['vue', []],
  ['svelte', ['@sveltejs/kit']],
  ['preact', []],
  ['lit', []],
  ['solid-js', []],
  ['@builder.io/qwik', []],
];
const OUT_DIR = new RegExp(`outDir:[${WHITE}]*['"\`]([^\\n]*?)['"\`]`);
const OUT_FLAG = new RegExp(
  `vite[${WHITE}]+build(?:[${WHITE}]+-[^${WHITE}]*)*[${WHITE}]+--outDir[${WHITE}]+([^-${WHITE};]+)`,
);

/** Whether the source is built by Vite. */
export function isViteApp(source: SourceTree, manifest: PackageJson): boolean {
  const script = manifest.scripts?.get('build')?.toLowerCase();
  return (
    hasDependency(manifest, 'vite') ||
    CONFIGS.some((file) => source.has(file)) ||
    script?.includes('vite build') === true
  );
}

/** Whether caddy serves the built files, instead of a script of the source's own. */
export function isServedByCaddy(
  source: SourceTree,
  env: Environment,
  manifest: PackageJson,
): boolean {
  const off = setting(env, 'SPA_CADDY')?.toLowerCase();
  if (off === 'false' || off === '0' || !isViteApp(source, manifest)) return false;
  return setting(env, 'SPA_OUT_DIR') !== undefined || isSinglePage(manifest);
}

const isSinglePage = (manifest: PackageJson): boolean =>
  FRAMEWORKS.some(
    ([name, unless]) =>
      hasDependency(manifest, name) && !unless.some((other) => hasDependency(manifest, other)),
  );

/** Where the build puts its files. */
export function outputDirectory(
  source: SourceTree,
  env: Environment,
  manifest: PackageJson,
): string {
  const script = manifest.scripts?.get('build') ?? '';
  return setting(env, 'SPA_OUT_DIR') ?? configured(source) ?? OUT_FLAG.exec(script)?.[1] ?? 'dist';
}

function configured(source: SourceTree): string | undefined {
  const config = CONFIGS.map((file) => readIfText(source, file)).find(
    (content) => content !== undefined,
  );
  return OUT_DIR.exec(config ?? '')?.[1];
}
