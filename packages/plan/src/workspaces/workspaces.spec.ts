import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytes,
  encodeText,
  readFileBytes,
  UserError,
  inWorkspace,
  type WorkspacePath,
} from '@nx-nixpack/base';
import { memoryFiles, memoryTree } from '../source/memory-tree.contract.js';
import { sourceTree } from '../source/listed-tree.js';
import type { SourceTree } from '../source/source-tree.js';
import type { Closure, Ecosystem } from './ecosystem.js';
import { inDirectory } from './in-directory.js';
import { closure, undeclaredImports, wholeWorkspace, WORKSPACES } from './index.js';
import { lift } from './lift.js';
import { dependenciesFirst, type DirectoryEdge } from './member-order.js';
import { overlay } from './overlay.js';
import { watchedPaths } from './watch.js';

/** What a new kind of workspace is: one value. `wall` lists the bricks, `brick` the ones that it rests on. */
const masonry: Ecosystem = {
  name: 'masonry',
  manifest: 'brick',
  decidedBy: ['wall'],
  shared: ['mortar.lock'],
  programs: ['tools/bin'],
  claim: (tree, { at, directory }) => {
    const path = at === '' ? 'wall' : `${at}/wall`;
    return linesOf(tree, path).includes(directory) ? path : undefined;
  },
  changed: (files, { source }) => {
    const own = readFileBytes(files, encodeText(`${source}/brick`));
    return new Map([[bytes`brick`, Buffer.concat([own, Buffer.from('\nlaid')])]]);
  },
  closure: {
    close(tree, { source, root }, extraEdges) {
      const edges = [
        ...restsOn(tree, source),
        ...extraEdges.map(({ from, to, why }) => ({
          from: inWorkspace`${from}`,
          to: inWorkspace`${to}`,
          why,
          runtime: true,
        })),
      ];
      const members = dependenciesFirst(edges, source).filter((directory) => directory !== source);
      if (members.some((directory) => !tree.has(`${directory}/brick`)))
        throw new UserError({
          code: 'WORKSPACE_MEMBER_MISSING',
          message: 'A brick is missing',
          hint: 'Lay it.',
        });
      const wall = [...members, source].join('\n');
      return {
        members: members.map((directory) => ({
          directory,
          name: directory,
          why: '',
          runtime: true,
          kind: 'workspace',
          builds: true,
        })),
        rootFiles: [],
        derived: () => new Map([[root === '' ? 'wall' : `${root}/wall`, Buffer.from(wall)]]),
        watched: ['scaffold'],
        installInputs: ['wall'],
        problems: [],
      };
    },
    commands: (phase, commands, { root, members }) => [
      ...(phase === 'build' ? members.map(({ name }) => `lay ${name}`) : []),
      ...commands.map((command) => inDirectory(root, `${command} --in-wall`)),
    ],
    dropDevDependencies: (command) => `${command} --all`,
    installHints: (_commands, { installInputs = [] }) => ({ installInputs }),
    undeclared: (_tree, { members }, files) =>
      files
        .filter((file) => members.length === 0 && file.text().includes('rest'))
        .map(({ path }) => ({
          code: 'WORKSPACE_UNDECLARED',
          message: `${path} rests on nothing`,
          hint: 'Declare it.',
        })),
  },
};
const ALL = [...WORKSPACES, masonry];

const linesOf = (tree: SourceTree, path: string): readonly string[] =>
  (tree.read(path) ?? '').split('\n').filter((line) => line !== '');
const restsOn = (tree: SourceTree, from: WorkspacePath): readonly DirectoryEdge[] =>
  linesOf(tree, `${from}/brick`)
    .map((line) => inWorkspace`${line}`)
    .flatMap((to) => [{ from, to, why: '', runtime: true }, ...restsOn(tree, to)]);

const FILES = {
  wall: 'a\nb\nc\n',
  'mortar.lock': 'sand',
  'a/brick': 'b\n',
  'b/brick': '',
  'c/brick': '',
};
const closed = (files: Record<string, string> = FILES, source = inWorkspace`a`): Closure => {
  const found = closure(memoryTree(files), source, [], ALL);
  if (found === undefined) throw new Error('the source stands alone');
  return found;
};

describe('a kind of workspace that is added to the list', () => {
  it('claims its members, and nothing else does', () => {
    expect(closure(memoryTree(FILES), inWorkspace`a`, [])).toBeUndefined();
    expect(closed().ecosystem?.name).toBe('masonry');
    expect(closure(memoryTree({ ...FILES, wall: 'b' }), inWorkspace`a`, [], ALL)).toBeUndefined();
    expect(closure(memoryTree({ ...FILES, 'd/x': '' }), inWorkspace`d`, [], ALL)).toBeUndefined();
  });

  it('closes over members and derives files', () => {
    const { members, derived, root, source } = closed();
    expect([source, root, members.map(({ directory }) => directory)]).toEqual(['a', '', ['b']]);
    expect(derived().get('wall')?.toString()).toBe('b\na');
    const edges = [{ from: 'a', to: 'c', why: '' }];
    const more = closure(memoryTree(FILES), inWorkspace`a`, edges, ALL);
    expect(more?.members.map(({ directory }) => directory)).toEqual(['b', 'c']);
  });

  it('is the nearest one that counts', () => {
    const nested = Object.fromEntries(
      Object.entries(FILES).map(([path, text]) => [`house/${path}`, text]),
    );
    const outer = { 'package.json': '{"workspaces":["house/*"]}', 'house/a/package.json': '{}' };
    const found = closed({ ...nested, ...outer, 'house/a/brick': '' }, inWorkspace`house/a`);
    expect([found.ecosystem?.name, found.root]).toEqual(['masonry', 'house']);
  });

  it('lifts commands, and libraries for a source that builds nothing', () => {
    const install = { name: 'install', cmds: ['mix'], paths: ['/app/tools/bin', '/app/x'] };
    const { plan, hints } = lift(
      { plan: { phases: { install } }, hints: { dropDevDependencies: 'sweep' } },
      closed(),
    );
    expect(plan.phases?.['install']).toMatchObject({
      cmds: ['mix --in-wall'],
      paths: ['/app/a/tools/bin', '/app/tools/bin', '/app/a/x'],
    });
    expect(plan.phases?.['build']?.cmds).toEqual(['lay b']);
    expect(hints).toEqual({ dropDevDependencies: 'sweep --all', installInputs: ['wall'] });
  });

  it('shows providers what members share', () => {
    const tree = sourceTree(overlay(memoryFiles(FILES), closed()), { name: 'a' });
    expect([tree.read('mortar.lock'), tree.read('brick')]).toEqual(['sand', 'b\n\nlaid']);
  });

  it('is watched where it claims, shares and reads, and everywhere while it does not fit together', () => {
    const watched = (files: Record<string, string>, source = inWorkspace`a`): readonly string[] =>
      watchedPaths(memoryTree(files), { source, workspace: 'auto' }, ALL);
    expect(watched(FILES)).toEqual(['wall', 'b/**/*', 'mortar.lock', 'scaffold', '.gitignore']);
    expect(watched({ 'a/brick': '' })).toEqual(['wall', '.gitignore']);
    expect(watched({ 'house/a/brick': '' }, inWorkspace`house/a`)).toEqual([
      'house/wall',
      'wall',
      'house/.gitignore',
      '.gitignore',
    ]);
    expect(watched({ ...FILES, 'a/brick': 'z' })).toEqual(['**/*']);
  });

  it('says what is missing', () => {
    const file = { path: 'c/x', size: 4, text: () => 'rest' };
    const problems = undeclaredImports(memoryTree(FILES), closed(FILES, inWorkspace`c`), [file]);
    expect(problems.map(({ message }) => message)).toEqual(['c/x rests on nothing']);
    expect(undeclaredImports(memoryTree(FILES), closed(), [file])).toEqual([]);
  });

  it('orders the commands of a whole workspace, and warns of what does not fit together', () => {
    const whole = wholeWorkspace(memoryTree(FILES), inWorkspace`a`, [], ALL);
    expect([whole.members.length, whole.derived().size, whole.ecosystem?.name]).toEqual([
      1,
      0,
      'masonry',
    ]);
    const broken = wholeWorkspace(
      memoryTree({ ...FILES, 'a/brick': 'z' }),
      inWorkspace`a`,
      [],
      ALL,
    );
    expect(broken.problems.map(({ code }) => code)).toEqual(['WORKSPACE_MEMBER_MISSING']);
  });
});

describe('kinds of workspaces that are only recognized', () => {
  it('are named by the page about monorepos', () => {
    const path = join(__dirname, '..', '..', '..', '..', 'docs', 'concepts', 'monorepo.md');
    const page = readFileSync(path, 'utf8').replace(/\s+/g, ' ');
    const [, named = ''] = /Workspaces of (.*?) are rec/.exec(page) ?? [];
    const words = named.replace(/ \(.*?\)/g, '').split(/, | and /);
    const recognized = WORKSPACES.filter((each) => each.closure === undefined);
    expect(words.sort()).toEqual(recognized.map(({ name }) => name).sort());
  });

  it.each([
    ['pnpm', { 'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n', 'apps/x/package.json': '{}' }],
    [
      'yarn',
      { 'package.json': '{"workspaces":["apps/*"]}', 'yarn.lock': '', 'apps/x/package.json': '{}' },
    ],
    [
      'bun',
      {
        'package.json': '{"workspaces":{"packages":["apps/*"]}}',
        'bun.lock': '',
        'apps/x/package.json': '{}',
      },
    ],
    ['Go', { 'go.work': 'go 1.22\n\nuse (\n\t./apps/x // service\n)\n', 'apps/x/go.mod': '' }],
    ['Cargo', { 'Cargo.toml': '[workspace]\nmembers = ["apps/*"]\n', 'apps/x/Cargo.toml': '' }],
    [
      'uv',
      {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*"]\n',
        'apps/x/pyproject.toml': '',
      },
    ],
  ])('refuses a %s workspace that claims the source, and names the ways out', (kind, files) => {
    const run = (): unknown => closure(memoryTree(files), inWorkspace`apps/x`, []);
    expect(run).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: expect.stringContaining(`a ${kind} workspace`) as string,
        hint: expect.stringMatching(/workspace: off.*workspace: whole/) as string,
      }),
    );
  });
});
