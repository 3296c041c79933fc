import { diskPath } from './disk.js';
import { temporaryTree } from './disk-tree-fixture.contract.js';
import { digestOfSelection, select } from './selection.js';

const tree = temporaryTree({
  'app/main.js': 'main',
  'app/node_modules/x/i': 'x',
  'app/node_modules/x/node_modules/y/i': 'y',
  'app/libs/l/node_modules/z': 'z',
  'app/libs/l/src': 's',
  link: '->app',
  'secret/outside': 'o',
});
const root = diskPath(tree.root);
afterAll(tree.remove);

const paths = (named: string[], except?: string[]) =>
  [...select(root, named, except)].map(({ path }) => path);

describe('select', () => {
  it('takes a path with all below it, and skips what is not there', () => {
    expect(paths(['app/libs', 'absent'])).toEqual([
      'app/libs',
      'app/libs/l',
      'app/libs/l/node_modules',
      'app/libs/l/node_modules/z',
      'app/libs/l/src',
    ]);
  });

  it('finds topmost directories of a name at any depth', () => {
    const found = paths(['app/**/node_modules']);
    expect(found.filter((path) => path.endsWith('node_modules'))).toEqual([
      'app/libs/l/node_modules',
      'app/node_modules',
      'app/node_modules/x/node_modules',
    ]);
    expect(found).not.toContain('app/main.js');
  });

  it('leaves out directories of a name and single paths', () => {
    expect(paths(['app'], ['**/node_modules', 'app/main.js'])).toEqual([
      'app',
      'app/libs',
      'app/libs/l',
      'app/libs/l/src',
    ]);
  });

  it('takes a link as a link and looks through one on the way', () => {
    expect(paths(['link'])).toEqual(['link']);
    expect([...select(root, ['link/main.js'])]).toMatchObject([
      { path: 'link/main.js', from: 'app/main.js' },
    ]);
  });
});

describe('digestOfSelection', () => {
  const digest = (...named: string[]) => digestOfSelection(root, select(root, named));

  it('depends on names and contents, and on nothing else', () => {
    const copy = temporaryTree({ 'app/main.js': 'main' });
    const edited = temporaryTree({ 'app/main.js': 'edit' });
    const of = (other: typeof copy) =>
      digestOfSelection(diskPath(other.root), select(diskPath(other.root), ['app/main.js']));
    expect(of(copy)).toBe(digest('app/main.js'));
    expect(of(edited)).not.toBe(digest('app/main.js'));
    expect(digest('link')).not.toBe(digest('app'));
    copy.remove();
    edited.remove();
  });
});
