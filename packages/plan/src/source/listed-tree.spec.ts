import { UserError } from '@nx-nixpack/base';
import type { ByteString, Entry, FileTree } from '@nx-nixpack/base';

import { sourceTree } from './listed-tree.js';
import { memoryFiles, memoryTree } from './memory-tree.contract.js';

describe('sourceTree', () => {
  it('tells files from directories, whatever ignore files say', () => {
    const tree = memoryTree({ '.git/HEAD': '', '.gitignore': '*', 'a/b': 'x' });
    expect(tree.has('a/b')).toBe(true);
    expect(tree.has('./a/b')).toBe(true);
    expect(tree.has('a')).toBe(false);
    expect(tree.isDirectory('a')).toBe(true);
    expect(tree.files('a/b')).toEqual([]);
  });

  it('knows which file is executable', () => {
    const tree = memoryTree({ gradlew: '', other: '' }, { executable: ['gradlew'] });
    expect([tree.isExecutable('gradlew'), tree.isExecutable('other')]).toEqual([true, false]);
  });

  it('reads text with line feeds only, keeps a byte order mark, and nothing for what is absent', () => {
    const tree = memoryTree({ a: '\ufeffx\r\ny\rz\n', empty: null });
    expect(tree.read('a')).toBe('\ufeffx\ny\rz\n');
    expect(tree.read('empty')).toBe('');
    expect(tree.read('b')).toBeUndefined();
  });

  it('walks depth first in byte order, hidden names and node_modules included', () => {
    const tree = memoryTree({
      'b/x': '',
      'b.x': '',
      B: '',
      '.h/x': '',
      'node_modules/x': '',
      é: '',
      z: '',
    });
    expect(tree.files('*')).toEqual(['.h/x', 'B', 'b/x', 'b.x', 'node_modules/x', 'z', 'é']);
    expect(tree.directories('*')).toEqual(['.h', 'b', 'node_modules']);
  });

  it('lists children whatever ignore files say', () => {
    expect(memoryTree({ '.git/HEAD': '', '.gitignore': '*', 'a/b': '' }).children).toEqual([
      '.git',
      '.gitignore',
      'a',
    ]);
  });

  it('refuses a malformed glob', () => {
    expect(() => memoryTree({ a: '' }).files('[')).toThrow(UserError);
  });
});

describe('links', () => {
  const tree = memoryTree(
    { 'real/file': 'text', 'real/deep/x': '' },
    {
      links: {
        file: 'real/file',
        directory: 'real',
        'real/up': '../real/file',
        outside: '../../etc/passwd',
        absolute: '/etc/passwd',
        loop: 'pool',
        pool: 'loop',
        dangling: 'nowhere',
      },
    },
  );

  it('are followed inside the tree, never out of it and never round in a cycle', () => {
    expect([tree.has('file'), tree.has('directory/file'), tree.has('real/up')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(tree.read('directory/up')).toBe('text');
    for (const path of [
      'outside',
      'absolute',
      'loop',
      'dangling',
      '/etc/passwd',
      '../x',
      'real/../../x',
    ]) {
      expect(tree.has(path)).toBe(false);
    }
  });

  it('are candidates, but a linked directory is not entered', () => {
    expect(tree.files('*')).toEqual(['file', 'real/deep/x', 'real/file', 'real/up']);
    expect(tree.directories('*')).toEqual(['directory', 'real', 'real/deep']);
  });
});

describe('ignore files', () => {
  const found = (files: Readonly<Record<string, string>>): readonly string[] =>
    memoryTree(files).files('*.x');

  it('count inside a repository only, unless they are named .ignore', () => {
    expect(found({ '.gitignore': 'a.x', 'a.x': '' })).toEqual(['a.x']);
    expect(found({ '.git/HEAD': '', '.gitignore': 'a.x', 'a.x': '' })).toEqual([]);
    expect(found({ '.ignore': 'a.x', 'a.x': '' })).toEqual([]);
  });

  it('reach down to the next repository and no further', () => {
    const files = {
      '.git/HEAD': '',
      '.gitignore': '*.x',
      'sub/.git': 'gitdir: elsewhere',
      'sub/a.x': '',
      'b.x': '',
    };
    expect(found(files)).toEqual(['sub/a.x']);
  });

  it('work in a nested repository although the source is none', () => {
    expect(
      found({ 'sub/.git/HEAD': '', 'sub/.gitignore': 'a.x', 'sub/a.x': '', 'a.x': '' }),
    ).toEqual(['a.x']);
  });

  it('let .ignore beat .gitignore, and the nearer file the farther', () => {
    expect(
      found({ '.git/HEAD': '', '.gitignore': '*.x', '.ignore': '!a.x', 'a.x': '', 'b.x': '' }),
    ).toEqual(['a.x']);
    expect(found({ '.ignore': '*.x', 'sub/.ignore': '!a.x', 'sub/a.x': '', 'a.x': '' })).toEqual([
      'sub/a.x',
    ]);
  });

  it('heed .git/info/exclude of the repository', () => {
    expect(found({ '.git/info/exclude': 'a.x', 'a.x': '', 'sub/.git': '', 'sub/a.x': '' })).toEqual(
      ['sub/a.x'],
    );
  });

  it('take braces for alternatives, as nixpacks does', () => {
    expect(found({ '.ignore': '{a,b}.x', 'a.x': '', 'b.x': '', 'c.x': '' })).toEqual(['c.x']);
  });

  it('cannot restore what lies in an ignored directory', () => {
    expect(found({ '.ignore': 'sub\n!sub/a.x', 'sub/a.x': '' })).toEqual([]);
  });

  it('above the source are heeded, with their own paths', () => {
    const tree = memoryFiles({
      '.git/HEAD': '',
      '.gitignore': 'apps/api/a.x\n',
      '.ignore': 'b.x',
      'apps/api/a.x': '',
      'apps/api/b.x': '',
      'apps/api/c.x': '',
    });
    expect(sourceTree(tree, { name: 'api', root: 'apps/api' }).files('*.x')).toEqual(['c.x']);
  });

  it('hold below a subtree too', () => {
    const tree = memoryTree({ '.git/HEAD': '', '.gitignore': '*.x', 'sub/a.x': '', 'sub/b.y': '' });
    expect(tree.subtree('sub').files('*')).toEqual(['b.y']);
    expect(tree.subtree('sub').name).toBe('sub');
  });
});

describe('what is not text or no file', () => {
  const odd: Readonly<Record<string, Partial<Entry>>> = {
    '\u00ff': { type: 'file' },
    '\u00fe': { type: 'directory' },
    '\u00fe/x': { type: 'file' },
    fifo: { type: 'fifo' },
    latin: { type: 'file', size: 1 },
  };

  it('is left out: names that are not UTF-8, pipes', () => {
    const tree = sourceTree(listing(odd), { name: 'odd' });
    expect(tree.files('*')).toEqual(['latin']);
    expect(tree.has('fifo')).toBe(false);
    expect(tree.children).toEqual(['fifo', 'latin']);
  });

  it('is refused when it is read', () => {
    const tree = sourceTree(listing(odd), { name: 'odd' });
    expect(() => tree.read('latin')).toThrow(
      expect.objectContaining({ code: 'SOURCE_UNSUPPORTED' }),
    );
  });

  it('is refused when it is huge', () => {
    const tree = sourceTree(listing({ huge: { type: 'file', size: 2 ** 30 } }), { name: 'odd' });
    expect(() => tree.read('huge')).toThrow(/32 MiB/);
  });
});

it('lists every directory once, and only when a glob asks', () => {
  const files = memoryFiles({ 'a/x': '', 'b/x': '' });
  const listed: string[] = [];
  const counting: FileTree = {
    ...files,
    entry: (path) => files.entry(path),
    open: (path) => files.open(path),
    list: (path) => (listed.push(path), files.list(path)),
  };
  const tree = sourceTree(counting, { name: 'app' });
  expect(tree.has('a/x')).toBe(true);
  expect(listed).toEqual([]);
  tree.files('*');
  tree.directories('a*');
  expect(listed).toEqual(['', 'a', 'b']);
});

/** A tree whose every file holds one byte that is not UTF-8. */
function listing(entries: Readonly<Record<string, Partial<Entry>>>): FileTree {
  const all = Object.entries(entries).map(
    ([path, entry]) => ({ path, mode: 0o644, uid: 0, gid: 0, size: 0, ...entry }) as Entry,
  );
  const parentOf = (path: ByteString): ByteString =>
    path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return {
    list: (directory) =>
      all
        .filter((entry) => parentOf(entry.path) === directory)
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    entry: (path) => all.find((entry) => entry.path === path),
    open: () => [Buffer.from([0xff])],
  };
}
