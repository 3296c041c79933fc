import { type MemoryFile, memoryTree } from '@nx-nixpack/base';
import { catalogWith, foundBy, itKeepsTheCatalogerContract } from '../cataloger.contract.js';
import { npm } from './npm.js';

const manifest = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, ...more });
const find = (files: Record<string, MemoryFile>) => catalogWith(npm, memoryTree(files));
const edgesOf = (files: Record<string, MemoryFile>): string[] => {
  const short = (key: string): string => key.replace(/^pkg:npm\//, '').replace(/#.*/, '');
  return find(files)
    .edges.map((edge) => `${short(edge.from)} ${edge.kind} ${short(edge.to)}`)
    .sort();
};

describe('npm', () => {
  itKeepsTheCatalogerContract(
    npm,
    {
      '/app/package.json': manifest('app', '1.0.0', { dependencies: { a: '1' } }),
      '/app/node_modules/a/package.json': manifest('a', '1.0.0', { dependencies: { b: '1' } }),
      '/app/node_modules/b/package.json': manifest('b', '1.2.3', { license: 'MIT' }),
      '/app/node_modules/.package-lock.json': '{"packages":{}}',
    },
    { '/app/node_modules/c/package.json': '{' },
  );

  it('leaves the application itself out and lists what it asks for', () => {
    const { findings, rootDependencies } = find({
      '/app/package.json': manifest('app', '1.0.0', {
        dependencies: { a: '1', gone: '1' },
        optionalDependencies: { b: '1' },
      }),
      '/app/node_modules/a/package.json': manifest('a', '1.0.0'),
      '/app/node_modules/b/package.json': manifest('b', '1.0.0'),
    });
    expect(findings.map((one) => one.package.name)).toEqual(['a', 'b']);
    expect(rootDependencies).toEqual([
      { key: 'pkg:npm/a@1.0.0#app/node_modules/a', kind: 'runtime' },
      { key: 'pkg:npm/b@1.0.0#app/node_modules/b', kind: 'optional' },
    ]);
  });

  it('names a package by its manifest, not by the directory of an alias', () => {
    expect(
      foundBy(find({ '/app/node_modules/old/package.json': manifest('@scope/real', '1.0.0') })),
    ).toEqual(['@scope/real@1.0.0']);
  });

  it('counts linked workspace members once, by where they really lie, also without a version', () => {
    const { findings } = find({
      '/app/package.json': '{"name": "root"}',
      '/app/libs/money/package.json': '{"name": "@shop/money"}',
      '/app/node_modules/@shop/money': { link: '../../libs/money' },
      '/app/node_modules/money-too': { link: '/app/libs/money' },
      '/app/node_modules/gone': { link: '../nowhere' },
    });
    expect(findings).toMatchObject([
      {
        place: 'app/libs/money/package.json',
        package: { purl: 'pkg:npm/%40shop/money', version: '' },
      },
    ]);
  });

  it('resolves as Node does: the nearest node_modules first, links by their real place', () => {
    expect(
      edgesOf({
        '/app/node_modules/a/package.json': manifest('a', '1.0.0', {
          dependencies: { b: '*', c: '*' },
        }),
        '/app/node_modules/a/node_modules/b/package.json': manifest('b', '2.0.0'),
        '/app/node_modules/b/package.json': manifest('b', '1.0.0', {
          peerDependencies: { c: '*' },
        }),
        '/app/node_modules/c/package.json': manifest('c', '1.0.0', {
          optionalDependencies: { b: '*', gone: '*' },
        }),
        '/app/libs/x/package.json': manifest('x', '1.0.0', { dependencies: { b: '*' } }),
        '/app/node_modules/x': { link: '../libs/x' },
      }),
    ).toEqual([
      'a@1.0.0 runtime b@2.0.0',
      'a@1.0.0 runtime c@1.0.0',
      'b@1.0.0 peer c@1.0.0',
      'c@1.0.0 optional b@1.0.0',
      'x@1.0.0 runtime b@1.0.0',
    ]);
  });

  it('understands isolated layouts', () => {
    expect(
      edgesOf({
        '/app/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json': manifest('a', '1.0.0', {
          dependencies: { b: '1' },
        }),
        '/app/node_modules/.pnpm/a@1.0.0/node_modules/b': { link: '../../b@1.0.0/node_modules/b' },
        '/app/node_modules/.pnpm/b@1.0.0/node_modules/b/package.json': manifest('b', '1.0.0'),
        '/app/node_modules/a': { link: '.pnpm/a@1.0.0/node_modules/a' },
      }),
    ).toEqual(['a@1.0.0 runtime b@1.0.0']);
  });

  it('passes over what only looks like a package', () => {
    const { findings } = find({
      '/app/node_modules/a/package.json': manifest('a', '1.0.0'),
      '/app/node_modules/a/esm/package.json': '{"type": "module"}',
      '/app/node_modules/a/test/fixtures/node_modules/fake/package.json': manifest('fake', '1.0.0'),
      '/app/node_modules/.cache/x/package.json': manifest('x', '1.0.0'),
      '/app/node_modules/@empty/readme.md': '',
      '/app/src/package.json': manifest('src', '1.0.0'),
    });
    expect(findings.map((one) => one.package.name)).toEqual(['a']);
  });

  it('counts the npm of a runtime as one, bundled packages of any other package each', () => {
    const bundle = (root: string): Record<string, string> => ({
      [`${root}/npm/package.json`]: manifest('npm', '11.0.0', { bundleDependencies: ['abbrev'] }),
      [`${root}/npm/node_modules/abbrev/package.json`]: manifest('abbrev', '4.0.0'),
    });
    expect(foundBy(find(bundle('/usr/local/lib/node_modules')))).toEqual(['npm@11.0.0']);
    expect(foundBy(find(bundle('/app/node_modules')))).toEqual(['abbrev@4.0.0', 'npm@11.0.0']);
  });

  it('takes hashes from the hidden lock before package-lock.json, only for the installed version', () => {
    const lock = (version: string, byte: string): string =>
      JSON.stringify({
        packages: {
          'node_modules/a': {
            version,
            integrity: `sha512-${Buffer.alloc(64, byte).toString('base64')}`,
          },
        },
      });
    const files = {
      '/app/node_modules/a/package.json': manifest('a', '1.0.0'),
      '/app/package-lock.json': lock('1.0.0', 'x'),
    };
    const hashes = (more: Record<string, string>) =>
      find({ ...files, ...more }).findings[0]?.package.hashes;
    expect(hashes({})).toEqual([{ algorithm: 'sha-512', hex: '78'.repeat(64) }]);
    expect(hashes({ '/app/node_modules/.package-lock.json': lock('1.0.0', 'y') })).toEqual([
      { algorithm: 'sha-512', hex: '79'.repeat(64) },
    ]);
    expect(hashes({ '/app/package-lock.json': lock('2.0.0', 'x') })).toEqual([]);
  });

  it('reads licenses and suppliers in all their spellings', () => {
    const details = (more: object) =>
      find({ '/n/node_modules/a/package.json': manifest('a', '1.0.0', more) }).findings[0]?.package;
    expect(details({ license: 'SEE LICENSE IN LICENSE.md' })?.licenses.declared).toEqual([
      { kind: 'name', name: 'SEE LICENSE IN LICENSE.md' },
    ]);
    expect(
      details({ licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] })?.licenses.declared,
    ).toEqual([{ kind: 'expression', expression: 'MIT OR Apache-2.0' }]);
    expect(details({ license: { type: 'ISC', url: 'x' } })?.licenses.declared).toEqual([
      { kind: 'id', id: 'ISC' },
    ]);
    expect(details({ author: 'Ann <ann@example.org> (https://example.org)' })?.supplier).toBe(
      'Ann',
    );
    expect(details({ repository: 'git+https://github.com/org/a.git' })?.supplier).toBe('org');
    expect(details({ name: '@org/a' })?.supplier).toBe('@org');
  });
});
