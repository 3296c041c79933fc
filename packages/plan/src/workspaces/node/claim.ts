import {
  bytes,
  type ByteString,
  encodeText,
  type FileTree,
  isObject,
  joinPath,
  type JsonObject,
  readFileBytes,
} from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import type { Ecosystem, Membership, Place } from '../ecosystem.js';
import { VERSION_FILES } from '../shared-files.js';
import { claims } from '../member-globs.js';
import { joinDirectories } from '../workspace-path.js';
import { readManifest, type Manifest } from './manifest.js';

const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;
type Manager = (typeof MANAGERS)[number];

const LOCK_FILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
] as const;

/** What a package manager of Node reads at its root to know itself. */
export const CLAIM_FILES = ['package.json', ...LOCK_FILES] as const;
/** What providers see of the root in a member that has none of its own. */
const SHARED_FILES = [...LOCK_FILES, ...VERSION_FILES, '.npmrc', '.yarnrc.yml'] as const;

/** A workspace that the `workspaces` of a package.json makes, whoever installs it. */
export const nodeEcosystem = (name: Manager): Ecosystem => ({
  name,
  manifest: 'package.json',
  decidedBy: CLAIM_FILES,
  shared: SHARED_FILES,
  changed: withPackageManager,
  programs: ['node_modules/.bin'],
  claim: (tree, place) => claimOf(tree, place, name),
});

/** The package.json that makes a source a member of the package manager's workspace. */
export function claimOf(
  tree: SourceTree,
  { at, directory }: Place,
  name: Manager,
): string | undefined {
  const manifest = readManifest(tree, at);
  if (manifest === undefined) return undefined;
  if (!claims(workspaceGlobs(manifest.content['workspaces']), directory)) return undefined;
  return managerOf(tree, at, manifest) === name ? manifest.path : undefined;
}

/** As nixpacks chooses it. */
function managerOf(tree: SourceTree, root: string, { content }: Manifest): Manager {
  const written = content['packageManager'];
  const named = MANAGERS.find(
    (name) => name === (typeof written === 'string' ? written.split('@')[0] : undefined),
  );
  if (named !== undefined) return named;
  const has = (name: string): boolean => tree.has(joinDirectories(root, name));
  if (has('pnpm-lock.yaml')) return 'pnpm';
  if (has('yarn.lock')) return 'yarn';
  return has('bun.lock') || has('bun.lockb') ? 'bun' : 'npm';
}

/** The `workspaces` of a package.json: a list, or a list in `packages`. */
export function workspaceGlobs(workspaces: unknown): readonly string[] {
  const list = isObject(workspaces) ? workspaces['packages'] : workspaces;
  if (!Array.isArray(list)) return [];
  return list.filter((glob): glob is string => typeof glob === 'string');
}

/** The member's package.json with the root's packageManager, when it names none. */
function withPackageManager(
  files: FileTree,
  { source, root }: Membership,
): ReadonlyMap<ByteString, Buffer> {
  const own = readJson(files, joinPath(encodeText(source), bytes`package.json`));
  const packageManager = readJson(files, joinPath(encodeText(root), bytes`package.json`))?.[
    'packageManager'
  ];
  if (own === undefined || packageManager === undefined) return new Map();
  if (own['packageManager'] !== undefined) return new Map();
  const text = `${JSON.stringify({ ...own, packageManager }, null, 2)}\n`;
  return new Map([[bytes`package.json`, Buffer.from(text)]]);
}

function readJson(files: FileTree, path: ByteString): JsonObject | undefined {
  if (files.entry(path)?.type !== 'file') return undefined;
  try {
    const value: unknown = JSON.parse(readFileBytes(files, path).toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch (error) {
    // What is not JSON is reported by whoever needs it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
