import { baseName, compareText, parentOf } from '@nx-nixpack/base';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';

/** A Python file, as a server imports it. */
export interface Module {
  readonly path: string;
  readonly text: string;
  /** `shop.api`, seen from `root`. */
  readonly name: string;
  /** The directory that imports are seen from; '' for the source itself. */
  readonly root: string;
}

/** Directories whose programs are not the application. */
const ASIDE =
  /(?:^|\/)(?:\.[^/]*|tests?|testing|docs?|examples?|samples?|scripts|migrations|alembic|venv|env|node_modules|site-packages|build|dist)\//;
const ASIDE_FILE = /^(?:test_.*|.*_test|conftest|setup|noxfile|tasks|fabfile)\.py$/;
/** Names that entry points have, likely ones first. */
const NAMES = [
  'wsgi',
  'asgi',
  'main',
  'app',
  'server',
  'application',
  'api',
  'autoapp',
  'run',
  'index',
  'web',
  '__init__',
  '__main__',
];

/** Python files that may hold the application: those near the root first, then those named like an entry point. */
export function modules(source: SourceTree): readonly Module[] {
  return source
    .files('**/*.py')
    .filter((path) => !ASIDE.test(path) && !ASIDE_FILE.test(baseName(path)))
    .sort((a, b) => order(a) - order(b) || compareText(a, b))
    .map((path) => moduleAt(source, path));
}

/** Directories count most, `src` not at all. */
function order(path: string): number {
  const depth = path.replace(/^src\//, '').split('/').length - 1;
  const at = NAMES.indexOf(baseName(path).replace(/\.py$/, ''));
  return depth * 100 + (at < 0 ? NAMES.length : at);
}

export function moduleAt(source: SourceTree, path: string): Module {
  const text = readIfText(source, path) ?? '';
  const root = importRoot(source, path, text);
  const below = root === '' ? path : path.slice(root.length + 1);
  const name = below
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replaceAll('/', '.');
  return { path, text, name, root };
}

/** The nearest directory that is no package, unless the file itself imports from above it. */
function importRoot(source: SourceTree, path: string, text: string): string {
  let root = parentOf(path);
  while (root !== '' && source.has(`${root}/__init__.py`)) root = parentOf(root);
  if (root === '' || root === 'src') return root;
  const inner = baseName(root);
  const fromAbove = new RegExp(`^\\s*(?:from|import)\\s+${inner}(?:\\.|\\s)`, 'm').test(text);
  return fromAbove ? parentOf(root) : root;
}

/** What the shell needs before the command, so that the module is found. */
export const importable = ({ root }: Pick<Module, 'root'>): string =>
  root === '' ? '' : `PYTHONPATH=${root} `;

/** A path that is safe in a command as it is. */
export const isPlain = ({ path, name }: Module): boolean =>
  /^[\w./-]+$/.test(path) && /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name);
