import { encodeText } from '@nx-nixpack/base';

import { compileGlob, isGlob } from './glob.js';

const matches = (glob: string, path: string): boolean | undefined =>
  compileGlob(encodeText(glob))?.(encodeText(path));

describe('compileGlob', () => {
  it.each([
    ['*.csproj', 'a.csproj', true],
    ['*.csproj', 'src/deep/a.csproj', true],
    ['*.csproj', 'a.csproj.user', false],
    ['apps/*', 'apps/a/b', true],
    ['apps/*', 'apps', false],
    ['a?b', 'a/b', true],
    ['**/package.json', 'package.json', true],
    ['**/package.json', 'x/y/package.json', true],
    ['**/package.json', 'xpackage.json', false],
    ['/**/*.py', '/app/a.py', true],
    ['Sources/**/main.swift', 'Sources/main.swift', true],
    ['Sources/**/main.swift', 'Sources/A/B/main.swift', true],
    ['apps/**', 'apps/a/b', true],
    ['apps/**', 'apps', false],
    ['**web', 'a/b-web', true],
    ['x.{ts,tsx}', 'x.tsx', true],
    ['x.{ts,tsx}', 'x.js', false],
    ['{,x}/web', 'x/web', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^w]eb', 'web', false],
    ['[]w]eb', ']eb', true],
    ['a}', 'a', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['.hidden/*', '.hidden/x', true],
    ['', 'a', false],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(matches(glob, path)).toBe(expected);
  });

  it.each(['[', 'apps/[a', '{a', 'a{b,c', '{a,{b,c}}', '[z-a]', 'a\\'])('refuses %s', (glob) => {
    expect(isGlob(glob)).toBe(false);
  });

  it('compares bytes: a question mark is one of the two of é', () => {
    expect(matches('?', 'é')).toBe(false);
    expect(matches('??', 'é')).toBe(true);
  });

  it('walks each byte once, where a backtracking matcher would need ages', () => {
    const glob = `${'*a'.repeat(40)}b`;
    expect(matches(glob, 'a'.repeat(5_000))).toBe(false);
    expect(matches(glob, `${'a'.repeat(5_000)}b`)).toBe(true);
  });
});
