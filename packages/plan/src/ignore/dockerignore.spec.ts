import { UserError } from '@nx-nixpack/base';
import { parseDockerignore } from './dockerignore.js';

const excludes = (text: string, path: string): boolean =>
  parseDockerignore(text, '.dockerignore').excludes(path);

describe('parseDockerignore', () => {
  it.each([
    ['foo', 'foo', true],
    ['foo', 'a/foo', false],
    ['foo', 'foo/bar', true],
    ['foo/', 'foo/bar', true],
    ['/foo', 'foo', true],
    ['./a/../foo', 'foo', true],
    ['  foo\t', 'foo', true],
    ['#foo', '#foo', false],
    ['\\#foo', '#foo', true],
    ['*.md', 'a.md', true],
    ['*.md', 'a/b.md', false],
    ['*/*.md', 'a/b.md', true],
    ['**/*.md', 'a/b/c.md', true],
    ['**/*.md', 'c.md', true],
    ['**/foo', 'foo', true],
    ['**/foo', 'x/y/foo', true],
    ['**/foo', 'x/afoo', false],
    ['**foo', 'x/afoo', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a/x/y', true],
    ['a/**', 'a', false],
    ['**', 'x', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['.', 'x', false],
    ['../x', 'x', false],
  ])('%s against %s: %s', (text, path, excluded) => {
    expect(excludes(text, path)).toBe(excluded);
  });

  it('lets the last matching line win, below an excluded directory too', () => {
    const text = 'docs\n!docs/README.md\n*.log\n! keep.log\n';
    expect(excludes(text, 'docs/a.md')).toBe(true);
    expect(excludes(text, 'docs/README.md')).toBe(false);
    expect(excludes(text, 'keep.log')).toBe(false);
    expect(excludes('!a\na', 'a')).toBe(true);
    expect(parseDockerignore(text, 'x').hasExceptions).toBe(true);
    expect(parseDockerignore('docs', 'x').hasExceptions).toBe(false);
  });

  it('reads a byte order mark and carriage returns away', () => {
    expect(excludes('\ufefffoo\r\nbar\r\n', 'foo')).toBe(true);
    expect(excludes('foo\r\nbar\r\n', 'bar')).toBe(true);
  });

  it.each(['[a', '[]a]', '[-a]', '[a-]', 'a\\', '!', '!  '])('refuses %s with its line', (text) => {
    const parse = (): unknown => parseDockerignore(`ok\n${text}`, 'api/.dockerignore');
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(
      expect.objectContaining({ at: { file: 'api/.dockerignore', line: 2, column: 1 } }),
    );
  });

  it('answers at once for patterns that make a backtracking matcher run for hours', () => {
    expect(excludes(`${'*a'.repeat(60)}*b`, 'a'.repeat(4000))).toBe(false);
    expect(excludes(`${'**/a'.repeat(300)}/**/x`, 'a/'.repeat(60))).toBe(false);
  });
});
