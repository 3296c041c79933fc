import { parseIgnore } from './gitignore.js';

const file = (rules: string, path: string) => parseIgnore(rules).match(path, false);
const directory = (rules: string, path: string) => parseIgnore(rules).match(path, true);

describe('parseIgnore', () => {
  it('lets the last matching rule win', () => {
    expect(file('*.log\n!keep.log\n', 'keep.log')).toBe('kept');
    expect(file('!keep.log\n*.log\n', 'keep.log')).toBe('ignored');
    expect(file('*.log\n', 'a.txt')).toBeUndefined();
  });

  it('matches names anywhere, patterns with a slash from the file on', () => {
    expect(file('dist', 'a/b/dist')).toBe('ignored');
    expect(file('/dist', 'a/dist')).toBeUndefined();
    expect(file('a/dist', 'a/dist')).toBe('ignored');
    expect(file('a/dist', 'b/a/dist')).toBeUndefined();
  });

  it('keeps a trailing slash for directories', () => {
    expect(directory('build/', 'a/build')).toBe('ignored');
    expect(file('build/', 'a/build')).toBeUndefined();
  });

  it('reads comments, escapes, trailing spaces, carriage returns and a byte order mark as git does', () => {
    expect(file('#x', '#x')).toBeUndefined();
    expect(file('\\#x', '#x')).toBe('ignored');
    expect(file('\\!x', '!x')).toBe('ignored');
    expect(file('a   ', 'a')).toBe('ignored');
    expect(file('a\\ ', 'a ')).toBe('ignored');
    expect(file('a\r\nb\r\n', 'a')).toBe('ignored');
    expect(file('\u00ef\u00bb\u00bfa', 'a')).toBe('ignored');
    expect(file('a\\', 'a\\')).toBeUndefined();
  });

  it.each([
    ['**/foo/bar', 'foo/bar', true],
    ['**/foo/bar', 'x/y/foo/bar', true],
    ['**/foo/bar', 'afoo/bar', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a/x/y', true],
    ['a/**', 'a', false],
    ['a/*', 'a/x/y', false],
    ['a/b*c', 'a/b/c', false],
    ['a/b**c', 'a/b/c', false],
    ['foo**/bar', 'fooa/b/bar', true],
    ['a/?', 'a//', false],
    ['a/[/]b', 'a//b', false],
    ['[]-]', ']', true],
    ['[!a-c]', 'b', false],
    ['[^a-c]', 'd', true],
    ['[a-c-e]', '-', true],
    ['[[:digit:]x]', '7', true],
    ['[[:nothing:]]', 'n', false],
    ['[ab', '[ab', false],
    ['*', 'anything', true],
    ['A', 'a', false],
  ])('%s against %s: %s', (pattern, path, matches) => {
    expect(file(pattern, path)).toBe(matches ? 'ignored' : undefined);
  });

  it('answers at once for patterns that make a backtracking matcher run for hours', () => {
    expect(file(`/${'*a'.repeat(60)}*b`, 'a'.repeat(4000))).toBeUndefined();
    expect(file(`${'**/'.repeat(100_000)}x/y`, 'a/'.repeat(500))).toBeUndefined();
    expect(file(`${'**/a'.repeat(500)}/x/y`, 'a/'.repeat(1000))).toBeUndefined();
  });
});
