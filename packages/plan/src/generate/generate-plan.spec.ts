import { explanationText } from '../plan/explanation.js';
import { generatePlan } from './generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';

const NODE = { 'package.json': '{"scripts":{"build":"b","start":"s"}}' };
const planOf = (files: Readonly<Record<string, string>>, env: readonly string[] = []) =>
  generatePlan(memoryTree(files), { env }).plan;

describe('generatePlan', () => {
  it('lets the file beat the Procfile, the environment the file, and the caller everything', () => {
    const files = { ...NODE, Procfile: 'web: procfile' };
    expect(planOf(files).start?.cmd).toBe('procfile');
    const withFile = { ...files, 'nixpacks.toml': '[start]\ncmd = "file"\n' };
    expect(planOf(withFile).start?.cmd).toBe('file');
    const env = ['NIXPACKS_START_CMD=env'];
    expect(planOf(withFile, env).start?.cmd).toBe('env');
    const plan = { start: { cmd: 'caller' } };
    expect(generatePlan(memoryTree(withFile), { env, plan }).plan.start?.cmd).toBe('caller');
  });

  it('lets variables of the file beat those of the environment (quirk Q7)', () => {
    const files = { ...NODE, 'nixpacks.toml': '[variables]\nCI = "file"\n' };
    expect(planOf(files, ['CI=env', 'A=b']).variables).toMatchObject({ CI: 'file', A: 'b' });
  });

  it('steers providers by variables of the file, but takes commands from the environment only', () => {
    const toml = '[variables]\nNIXPACKS_NODE_VERSION = "22"\nNIXPACKS_START_CMD = "no"\n';
    const plan = planOf({ ...NODE, 'nixpacks.toml': toml });
    expect(plan.phases?.['setup']?.nixPkgs?.[0]).toBe('nodejs_22');
    expect(plan.start?.cmd).toBe('npm run start');
  });

  it('merges several providers, the first one winning, the others prefixed', () => {
    const files = {
      ...NODE,
      'main.go': 'package main',
      'nixpacks.toml': 'providers = ["node", "go"]',
    };
    const { plan, providers } = generatePlan(memoryTree(files));
    expect(providers).toEqual(['node', 'go']);
    expect(plan.phases?.['go:build']?.dependsOn).toEqual(['go:install', 'go:setup']);
    expect(plan.start).toEqual({ cmd: 'npm run start', runImage: 'ubuntu:noble' });
    expect(plan.variables?.['NIXPACKS_METADATA']).toBe('node,go');
  });

  it('pins: an archive for every phase that uses Nix, no markers, a build image', () => {
    const toml = '[phases.extra]\nnixPkgs = ["..."]\n[phases.plain]\ncmds = ["...", "x"]\n';
    const plan = planOf({ 'nixpacks.toml': toml, a: '', b: '' }, ['NIXPACKS_DEBIAN=1']);
    expect(plan.phases).toEqual({
      extra: {
        name: 'extra',
        nixPkgs: [],
        nixpkgsArchive: 'a0b7e70db7a55088d3de0cc370a59f9fbcc906c3',
      },
      plain: { name: 'plain', cmds: ['x'] },
    });
    expect(plan.buildImage).toBe('ghcr.io/railwayapp/nixpacks:debian-1745885067');
  });

  it('goes into the only directory when there are no phases, hidden ones counting (quirk Q23)', () => {
    const below = { 'svc/app/package.json': NODE['package.json'], 'README.md': '' };
    expect(generatePlan(memoryTree(below))).toMatchObject({
      subdirectory: 'svc/app',
      providers: ['node'],
    });
    const hidden = { ...below, '.github/x': '' };
    expect(generatePlan(memoryTree(hidden)).plan).toEqual({
      providers: [],
      buildImage: expect.any(String) as string,
      phases: {},
    });
  });

  it('keeps what a provider overlays when the caller adds packages (quirk Q6)', () => {
    const plan = { phases: { setup: { nixPkgs: ['jq', '...'] } } };
    expect(generatePlan(memoryTree(NODE), { plan }).plan.phases?.['setup']).toMatchObject({
      nixPkgs: ['jq', 'nodejs_18', 'npm-9_x'],
      nixOverlays: ['https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz'],
    });
  });

  it.each([
    [
      { 'nixpacks.toml': 'providers = [\n  "nodejs",\n]' },
      [],
      'PLAN_PROVIDER_UNKNOWN',
      { file: 'nixpacks.toml', line: 2, column: 4 },
    ],
    [
      { 'package.json': '{"name": "a",\n "name": "b"}' },
      [],
      'PLAN_INVALID',
      { file: 'package.json', line: 2, column: 2 },
    ],
    [
      { a: '' },
      ['NIXPACKS_CONFIG_FILE=x.toml'],
      'PLAN_INVALID',
      { file: 'x.toml', line: 1, column: 1 },
    ],
    [
      { 'c.yaml': '' },
      ['NIXPACKS_CONFIG_FILE=c.yaml'],
      'PLAN_INVALID',
      { file: 'c.yaml', line: 1, column: 1 },
    ],
    [{ Procfile: 'web: [a]' }, [], 'PLAN_INVALID', { file: 'Procfile', line: 1, column: 6 }],
  ])('says where %j is wrong', (files, env, code, at) => {
    expect(() => planOf(files, env)).toThrow(expect.objectContaining({ code, at }));
  });

  it('reads links, odd names and pipes as what they are, and no text in languages it searches (quirk Q3)', () => {
    const tree = memoryTree(
      { ...NODE, 'a.js': 'x' },
      { links: { 'b.js': 'a.js', loop: 'loop', out: '/etc' } },
    );
    expect(generatePlan(tree).providers).toEqual(['node']);
  });
});

it('fills the markers of the list with what is detected', () => {
  const toml = 'providers = ["...", "python"]';
  const { providers } = generatePlan(memoryTree({ ...NODE, 'nixpacks.toml': toml }));
  expect(providers).toEqual(['node', 'python']);
  expect(generatePlan(memoryTree({ a: '' })).providers).toEqual([]);
});

describe('explanation', () => {
  const { explanation } = generatePlan(
    memoryTree({ ...NODE, '.nvmrc': 'v99', 'pnpm-lock.yaml': '' }),
  );

  it('tells what was looked for, what decided, and what a base must bring', () => {
    expect(explanation.detection.find((each) => each.provider === 'go')).toEqual({
      provider: 'go',
      matched: false,
      found: [],
      missed: ['main.go', 'go.mod'],
    });
    expect(explanation.decisions).toContainEqual({
      provider: 'node',
      subject: 'node version',
      choice: 'nodejs_18',
      because: '.nvmrc',
      warning: 'no Node version of 24, 22, 20, 18, 16, 14 is in "99"',
    });
    expect(explanation.toolchain).toEqual(['nodejs_18', 'pnpm-9_x']);
  });

  it('reads as text and survives as JSON', () => {
    const text = explanationText(explanation);
    expect(explanationText(explanation, true)).not.toContain('must bring');
    expect(text).toContain('  node: yes, found package.json\n');
    expect(text).toContain('  node: package manager: pnpm (pnpm-lock.yaml)\n');
    expect(text).toContain('    warning: no Node version');
    expect(text).toContain('(toolchain: base): nodejs_18, pnpm-9_x\n');
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });
});
