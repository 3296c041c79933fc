import {
  baseName,
  directoriesAbove,
  globOf,
  isWithin,
  joinPath,
  normalizePath,
  parentOf,
  relativeTo,
} from './path.js';

describe('paths', () => {
  it.each([
    ['', '', ''],
    ['a', '', 'a'],
    ['a/b', 'a', 'b'],
    ['a/b/c', 'a/b', 'c'],
  ])('%j lies in %j as %j', (path, parent, name) => {
    expect([parentOf(path), baseName(path)]).toEqual([parent, name]);
    expect(joinPath(parent, name)).toBe(path);
  });

  it('climbs to the root and ends there', () => {
    expect([...directoriesAbove('a/b/c')]).toEqual(['a/b', 'a', '']);
    expect([...directoriesAbove('a')]).toEqual(['']);
    expect([...directoriesAbove('')]).toEqual([]);
  });

  it('tells what lies below a directory from what only begins like it', () => {
    expect(isWithin('app/x', 'app')).toBe(true);
    expect(isWithin('app', 'app')).toBe(true);
    expect(isWithin('apple/x', 'app')).toBe(false);
    expect(isWithin('anything', '')).toBe(true);
    expect(relativeTo('app', 'app/x/y')).toBe('x/y');
    expect(relativeTo('', 'app/x')).toBe('app/x');
  });

  it.each([
    ['', ''],
    ['./a//b/', 'a/b'],
    ['a/../b', 'b'],
    ['a/../..', undefined],
    ['..', undefined],
    ['/a', undefined],
    ['C:/a', undefined],
  ])('normalizes %j to %j', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('are globs without what a glob takes for more than itself', () => {
    expect(globOf('apps/@acme/a-b.c+d')).toBe('apps/@acme/a-b.c+d');
    expect(globOf('a/[b]/(c|d)/{e}/*?!\\f')).toBe('a/?b?/?c?d?/?e?/????f');
  });
});
