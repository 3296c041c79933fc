import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { findComponent } from './find-component.js';
import { readWorkspace } from './read-workspace.js';

const component = (name: string, needs = '', source = 'api'): string => `
      ${name}:
        metadata: { depends_on: [${needs}] }
        vars: { source: ./${source}, image: { registry: r.example.com, name: ${name} } }`;
const deployment = (name: string, ...components: string[]): string =>
  `deployment:\n  name: ${name}\n  components:\n    nixpack:${components.join('')}\n`;

describe('a workspace in which something is wrong', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'settle-'));
    for (const directory of ['api', 'deployments']) mkdirSync(join(root, directory));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Components that can be built, and the codes of what keeps others from it. */
  function settled(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(root, 'deployments', `${name}.yaml`), text);
    const { deployments, broken, unreadable, problems } = readWorkspace(root);
    const idOf = (name: string, id: string): string => `${name}:${id.replace('nixpack/', '')}`;
    return {
      healthy: deployments.flatMap(({ name, components }) =>
        components.map(({ id }) => idOf(name, id)),
      ),
      broken: Object.fromEntries(
        broken.map((one) => [idOf(one.deployment, one.id), one.problems.map(({ code }) => code)]),
      ),
      unreadable: unreadable.map(({ file }) => file),
      problems: problems.map(({ code }) => code),
    };
  }

  const errorOf = (name: string, id: string): string[] => {
    try {
      findComponent(readWorkspace(root), name, id);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.problems.map(({ code }) => code);
    }
  };

  it('keeps what is right in files beside a broken one', () => {
    const found = settled({ shop: deployment('shop', component('api')), bad: 'deployment: [' });
    expect(found).toEqual({
      healthy: ['shop:api'],
      broken: {},
      unreadable: ['deployments/bad.yaml'],
      problems: ['CONFIG_SYNTAX'],
    });
    expect(errorOf('shop', 'nixpack/api')).toEqual([]);
    expect(errorOf('deployments/bad.yaml', 'nixpack/api')).toEqual(['CONFIG_SYNTAX']);
    expect(errorOf('other', 'nixpack/api')).toEqual(['CONFIG_SYNTAX']);
  });

  it('keeps what is right in files that need nothing of a broken one', () => {
    const found = settled({
      shop: deployment('shop', component('api', '', 'none'), component('web')),
      team: deployment('team', component('one', "'shop:nixpack/api'"), component('two', 'one')),
    });
    const problems = ['SOURCE_MISSING'];
    expect(found).toEqual({
      healthy: ['shop:web'],
      broken: { 'shop:api': problems, 'team:one': problems, 'team:two': problems },
      unreadable: [],
      problems,
    });
    expect(errorOf('team', 'nixpack/two')).toEqual(problems);
  });

  it('keeps what has no part in a mistake between files', () => {
    const found = settled({
      a: deployment('a', component('one', "'b:nixpack/nothing'"), component('two')),
      b: deployment('b', component('three')),
    });
    expect(found).toMatchObject({
      healthy: ['a:two', 'b:three'],
      broken: { 'a:one': ['CONFIG_UNKNOWN_COMPONENT'] },
      problems: ['CONFIG_UNKNOWN_COMPONENT'],
    });
  });

  it('builds neither of two deployments of one name', () => {
    const found = settled({
      a: deployment('a', component('one')),
      b: deployment('a', component('two')),
      c: deployment('c', component('three')),
    });
    expect(found).toMatchObject({
      healthy: ['c:three'],
      broken: { 'a:one': ['CONFIG_DUPLICATE_DEPLOYMENT'] },
      problems: ['CONFIG_DUPLICATE_DEPLOYMENT'],
    });
  });
});
