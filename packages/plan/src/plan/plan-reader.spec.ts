import { parsePlan } from './plan-reader.js';
import { planJson, planToml } from './plan-text.contract.js';

describe('parsePlan', () => {
  it('reads both formats and the other spellings', () => {
    const expected = {
      phases: { x: { nixPkgs: ['a'], cmds: ['c'], paths: ['/p'] } },
      start: { cmd: 's' },
    };
    const json =
      '{"phases":{"x":{"nixPackages":["a"],"commands":["c"],"envPaths":["/p"]}},"start":{"cmd":"s"}}';
    const toml =
      '[phases.x]\nnixPackages = ["a"]\ncommands = ["c"]\nenvPaths = ["/p"]\n[start]\ncmd = "s"\n';
    expect(parsePlan(json, 'json', 'a.json')).toEqual(expected);
    expect(parsePlan(toml, 'toml', 'a.toml')).toEqual(expected);
  });

  it('skips what it does not know and takes null for absent', () => {
    expect(
      parsePlan('{"extends":"x","phases":null,"start":{"cmd":null,"z":1}}', 'json', 'f'),
    ).toEqual({ start: {} });
  });

  it.each([
    ['{"phases":{"a":null}}', 1, 16],
    ['{"variables":{"A":null}}', 1, 19],
    ['{"variables":{"A":1}}', 1, 19],
    ['{"phases":{"a":{"cmds":"x"}}}', 1, 24],
    ['{"phases":{"a":{"cmds":[1]}}}', 1, 25],
    ['{"phases":{"a":{"cmds":[],\n  "commands":[]}}}', 2, 3],
    ['{"start":[]}', 1, 10],
    ['{', 1, 2],
  ])('refuses %j at %i:%i', (text, line, column) => {
    expect(() => parsePlan(text, 'json', 'plan.json')).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID', at: { file: 'plan.json', line, column } }),
    );
  });

  it('knows the place in TOML too', () => {
    expect(() => parsePlan('[variables]\né = 1\nA = 1\n', 'toml', 'f')).toThrow(
      expect.objectContaining({ at: { file: 'f', line: 2, column: 1 } }),
    );
    expect(() => parsePlan('[variables]\nA = 1\n', 'toml', 'f')).toThrow(
      expect.objectContaining({ at: { file: 'f', line: 2, column: 5 } }),
    );
  });
});

describe('planJson and planToml', () => {
  const plan = {
    start: { user: 'u', cmd: 'say "hi"' },
    phases: { b: { name: 'b', paths: ['/p'], cmds: ['x\ny'] }, a: { name: 'a', nixPkgs: [] } },
    variables: { Z: '1', A: '' },
    providers: [],
  };

  it('print keys in their fixed order, without phase names', () => {
    expect(Object.keys(JSON.parse(planJson(plan)) as object)).toEqual([
      'providers',
      'variables',
      'phases',
      'start',
    ]);
    expect(planJson(plan)).toContain(
      '"a": {\n      "nixPkgs": []\n    },\n    "b": {\n      "cmds"',
    );
  });

  it('are read back as what they were', () => {
    const { phases, ...rest } = plan;
    const expected = {
      ...rest,
      phases: { a: { nixPkgs: [] }, b: { cmds: ['x\ny'], paths: ['/p'] } },
    };
    expect(phases.b.name).toBe('b');
    expect(parsePlan(planJson(plan), 'json', 'f')).toEqual(expected);
    expect(parsePlan(planToml(plan), 'toml', 'f')).toEqual(expected);
  });
});
