import { environmentPlan } from '../generate/environment-plan.js';
import { isSwitchedOn, parseEnvironment, setting } from './environment.js';

describe('parseEnvironment', () => {
  it.each([
    ['A=1', 'A', '1'],
    ['A=b=c', 'A', 'b=c'],
    ['FOO.BAR=baz', 'FOO', '.BAR=baz'],
    ['=x', '', 'x'],
    ['A-b_1=x y\nz', 'A-b_1', 'x y\nz'],
    ['Ax', 'Ax', undefined],
    ['A=', 'A', undefined],
  ])('%j sets %j to %j', (pair, name, value) => {
    expect(parseEnvironment([pair]).get(name)).toBe(value);
  });

  it('lets later pairs win', () => {
    expect([...parseEnvironment(['A=1', 'A=2', 'A='])]).toEqual([['A', '2']]);
  });
});

it('reads settings without line feeds, and switches as exactly 1 or true', () => {
  const env = parseEnvironment([
    'NIXPACKS_X=a\nb',
    'NIXPACKS_ON=tr\nue',
    'NIXPACKS_YES=yes',
    'NIXPACKS_ONE=1',
  ]);
  expect(setting(env, 'X')).toBe('ab');
  expect(['ON', 'YES', 'ONE', 'NONE'].map((name) => isSwitchedOn(env, name))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

describe('environmentPlan', () => {
  const planOf = (...pairs: string[]) => environmentPlan(parseEnvironment(pairs));

  it('is empty without settings', () => {
    expect(planOf('A=1')).toEqual({});
  });

  it('splits packages on spaces and commas, libraries on single spaces only', () => {
    expect(
      planOf('NIXPACKS_PKGS=a, b  c', 'NIXPACKS_APT_PKGS=x,y', 'NIXPACKS_LIBS=l, m').phases?.[
        'setup'
      ],
    ).toEqual({
      name: 'setup',
      nixPkgs: ['a', 'b', 'c', '...'],
      aptPkgs: ['x', 'y', '...'],
      nixLibs: ['l,', 'm', '...'],
    });
  });

  it('replaces install and build with their dependencies, caches only beside a command', () => {
    expect(
      planOf(
        'NIXPACKS_BUILD_CMD=b',
        'NIXPACKS_BUILD_CACHE_DIRS=z a,z',
        'NIXPACKS_INSTALL_CACHE_DIRS=q',
      ).phases,
    ).toEqual({
      build: { name: 'build', dependsOn: ['install'], cmds: ['b'], cacheDirectories: ['a', 'z'] },
    });
  });

  it('starts with the command that is given', () => {
    expect(planOf('NIXPACKS_START_CMD=echo a\nb')).toEqual({ start: { cmd: 'echo ab' } });
  });
});
