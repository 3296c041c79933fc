import { OVERLAYS } from '../../plan/nixpkgs-archives.js';
import type { NixPackage } from '../../plan/phase.js';
import { parseInteger } from '../../source/plain-text.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { PackageJson } from './package-json.js';

const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;
export type ManagerName = (typeof MANAGERS)[number];

export interface PackageManager {
  readonly name: ManagerName;
  /** Why it was chosen. */
  readonly because: string;
  readonly cacheDirectory: string;
  /** Runs a package once without installing it. */
  readonly oneOff: string;
}

const TRAITS: Readonly<Record<ManagerName, Pick<PackageManager, 'cacheDirectory' | 'oneOff'>>> = {
  npm: { cacheDirectory: '/root/.npm', oneOff: 'npx' },
  pnpm: { cacheDirectory: '/root/.local/share/pnpm/store/v3', oneOff: 'pnpx' },
  yarn: { cacheDirectory: '/usr/local/share/.cache/yarn/v6', oneOff: 'yarn' },
  bun: { cacheDirectory: '/root/.bun', oneOff: 'npx' },
};
const LOCK_FILES = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lockb', 'bun'],
  ['bun.lock', 'bun'],
] as const;
const BUN_LOCKS = ['bun.lockb', 'bun.lock'] as const;
/** Pinned upstream to an early release (quirk Q11). */
export const COREPACK = 'npm install -g corepack@0.24.1 && corepack enable';

/** For a source that is written for bun and does not say so to nixpacks. */
export const bunManager: PackageManager = { name: 'bun', because: 'the source', ...TRAITS.bun };

/** Which package manager a source uses. */
export function packageManager(source: SourceTree, manifest: PackageJson): PackageManager {
  const [name, because] = chosen(source, manifest);
  return { name, because, ...TRAITS[name] };
}

function chosen(
  source: SourceTree,
  { packageManager: field }: PackageJson,
): readonly [ManagerName, string] {
  const named = MANAGERS.find((name) => name === field?.split('@', 1)[0]);
  if (named !== undefined) return [named, 'packageManager of package.json'];
  const lock = LOCK_FILES.find(([file]) => source.has(file));
  return lock === undefined ? ['npm', 'the default'] : [lock[1], lock[0]];
}

/** The Nix package that brings the manager. */
export function managerPackage(
  source: SourceTree,
  manager: ManagerName,
  manifest: PackageJson,
): NixPackage {
  return { name: managerAttribute(source, manager, manifest), overlay: OVERLAYS.npm };
}

function managerAttribute(source: SourceTree, manager: ManagerName, manifest: PackageJson): string {
  if (manager === 'bun') return 'bun';
  if (manager === 'yarn') return 'yarn-1_x';
  if (manager === 'pnpm') return `pnpm-${pnpmMajor(source, manifest)}_x`;
  const lock = source.has('package-lock.json') ? (source.read('package-lock.json') ?? '') : '';
  if (lock.includes('"lockfileVersion": 1')) return 'npm-6_x';
  return lock.includes('"lockfileVersion": 2') ? 'npm-8_x' : 'npm-9_x';
}

/** From `packageManager` when it names a major of 6 to 10, else from the head of the lock file. */
function pnpmMajor(source: SourceTree, { packageManager: field }: PackageJson): number {
  const version =
    field?.startsWith('pnpm@') === true ? field.slice('pnpm@'.length).split('.', 1)[0] : undefined;
  const major = parseInteger(version ?? '');
  if (major !== undefined && major >= 6 && major <= 10) return major;
  const lock = source.has('pnpm-lock.yaml') ? (source.read('pnpm-lock.yaml') ?? '') : '';
  if (lock.startsWith('lockfileVersion: 5.3')) return 6;
  if (lock.startsWith('lockfileVersion: 5.4')) return 7;
  return lock.startsWith("lockfileVersion: '6.0'") ? 8 : 9;
}

/** The command that installs all dependencies; undefined without a package.json. */
export function installCommand(source: SourceTree, manager: ManagerName): string | undefined {
  if (!source.has('package.json')) return undefined;
  if (manager === 'pnpm') return 'pnpm i --frozen-lockfile';
  if (manager === 'yarn') {
    return source.has('.yarnrc.yml')
      ? 'yarn install --check-cache'
      : 'yarn install --frozen-lockfile';
  }
  if (source.has('package-lock.json')) return 'npm ci';
  return BUN_LOCKS.some((file) => source.has(file)) ? 'bun i --no-save' : 'npm i';
}

/** Whether corepack sets the manager up; bun and unknown names included. */
export function usesCorepack({ packageManager: field }: PackageJson, nodePackage: string): boolean {
  return field !== undefined && !field.startsWith('npm') && !nodePackage.includes('14');
}
