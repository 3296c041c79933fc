import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pruneModules } from './prune-modules.js';

describe('packages that no production dependency leads to', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'prune-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const has = (path: string): boolean => existsSync(join(root, 'node_modules', path));

  function installed(path: string, fields: object = {}): void {
    const file = join(root, path, 'package.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(fields));
  }

  function linked(path: string, target: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }

  function prune(): string {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', pruneModules('node')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return stdout;
  }

  it('are removed from what npm, Yarn and bun leave, nested ones too', () => {
    installed('', {
      dependencies: { a: '1', '@s/b': '1' },
      devDependencies: { d: '1' },
      optionalDependencies: { o: '1' },
    });
    installed('node_modules/a', { dependencies: { c: '1' } });
    installed('node_modules/a/node_modules/c', {});
    installed('node_modules/@s/b', { peerDependencies: { p: '1', q: '1' } });
    installed('node_modules/p');
    installed('node_modules/c');
    installed('node_modules/d', { dependencies: { e: '1' } });
    installed('node_modules/@s/e');
    installed('node_modules/@t/f');
    linked('node_modules/.bin/d', '../d/package.json');
    linked('node_modules/.bin/a', '../a/package.json');
    prune();
    expect(['a', 'a/node_modules/c', '@s/b', 'p', '.bin/a'].filter((path) => !has(path))).toEqual(
      [],
    );
    expect(['c', 'd', '@s/e', '@t', '.bin/d'].filter(has)).toEqual([]);
  });

  it('are those for another C library, where they are optional', () => {
    installed('', { dependencies: { a: '1', b: '1' } });
    installed('node_modules/a', { optionalDependencies: { 'a-gnu': '1', 'a-musl': '1' } });
    installed('node_modules/a-gnu', { libc: ['glibc'] });
    installed('node_modules/a-musl', { libc: ['musl'] });
    installed('node_modules/b', { libc: ['musl'] });
    prune();
    expect(['a', 'a-gnu', 'a-musl', 'b'].filter(has)).toEqual(['a', 'a-gnu', 'b']);
  });

  it('are removed from what pnpm leaves, links and store', () => {
    installed('', { dependencies: { a: '1' }, devDependencies: { d: '1' } });
    installed('node_modules/.pnpm/a@1/node_modules/a', { dependencies: { c: '1' } });
    installed('node_modules/.pnpm/c@1/node_modules/c');
    installed('node_modules/.pnpm/d@1/node_modules/d');
    linked('node_modules/.pnpm/a@1/node_modules/c', '../../c@1/node_modules/c');
    linked('node_modules/.pnpm/node_modules/d', '../d@1/node_modules/d');
    linked('node_modules/a', '.pnpm/a@1/node_modules/a');
    linked('node_modules/d', '.pnpm/d@1/node_modules/d');
    prune();
    expect(has('a') && has('.pnpm/a@1/node_modules/c')).toBe(true);
    expect(['d', '.pnpm/d@1', '.pnpm/node_modules/d'].filter(has)).toEqual([]);
  });

  it('stay, all of them, when a dependency is not there', () => {
    installed('', { dependencies: { a: '1' } });
    installed('node_modules/d');
    expect(prune()).toContain('not installed is a');
    expect(has('d')).toBe(true);
  });
});
