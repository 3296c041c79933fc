import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inWorkspace } from '@nx-nixpack/base';

import { parse, parseDocument } from 'yaml';

import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { plainLayout } from '../workspaces/index.js';
import { lift } from '../workspaces/lift.js';
import { PROVIDERS } from './index.js';
import type { Provider } from './provider.js';
import { itKeepsTheProviderContract } from './provider.contract.js';
import type { Sample } from './provider.contract.js';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const FILE_NAMES: Readonly<Record<string, string>> = { 'c#': 'csharp', 'f#': 'fsharp' };
const fileName = (name: string): string => FILE_NAMES[name] ?? name;

interface Example extends Sample {
  readonly about: string;
  readonly golden?: unknown;
}

const examples = new Map(
  readdirSync(EXAMPLES).map((file) => {
    const text = readFileSync(join(EXAMPLES, file), 'utf8');
    return [basename(file, '.yaml'), parse(text) as Example] as const;
  }),
);

const examplesOf = (provider: string): readonly string[] =>
  [...examples.keys()].filter((name) => name.startsWith(`${fileName(provider)}-`));

/** What is not a language in this folder. */
const SHARED = /^(?:index|provider|environment)\.ts$|\.(?:spec|contract)\.ts$/;

it('lists the languages of every file and folder here', () => {
  const places = readdirSync(__dirname).filter((name) => !SHARED.test(name));
  const found = places.flatMap((name) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what is here is known at run time only
    const module = require(join(__dirname, name)) as Readonly<Record<string, unknown>>;
    const exported = Object.values(module).filter(isProvider);
    expect([name, exported.length]).not.toEqual([name, 0]);
    return exported;
  });
  expect(new Set(PROVIDERS)).toEqual(new Set(found));
});

const isProvider = (value: unknown): value is Provider =>
  typeof value === 'object' && value !== null && 'detect' in value && 'plan' in value;

/** What a new language is: one value, in the list. */
const cobalt: Provider = {
  name: 'cobalt',
  places: ['COBALT_HOME'],
  placeless: ['mine'],
  detect: (source) => source.has('cobalt.toml'),
  plan: () => ({
    plan: {
      variables: { COBALT_HOME: 'ores' },
      phases: { mine: { name: 'mine', cmds: ['dig'] }, build: { name: 'build', cmds: ['smelt'] } },
      start: { cmd: 'cobalt run' },
    },
    hints: { ports: [27] },
    decisions: [{ subject: 'ore', choice: 'blue', because: 'cobalt.toml' }],
  }),
};

describe('a language that is added to the list', () => {
  const languages = [...PROVIDERS, cobalt];

  it('is detected, planned, explained and merged like the others', () => {
    const files = {
      'cobalt.toml': '',
      'nixpacks.toml': '[phases.build]\ncmds = ["...", "polish"]',
    };
    const generated = generatePlan(memoryTree(files), { languages });
    expect(generated.providers).toEqual(['cobalt']);
    expect(generated.plan.phases?.['build']?.cmds).toEqual(['smelt', 'polish']);
    expect(generated.hints.ports).toEqual([27]);
    expect(generated.explanation.decisions).toMatchObject([{ provider: 'cobalt', choice: 'blue' }]);
    expect(generatePlan(memoryTree(files)).providers).toEqual([]);
  });

  it('can be named, and asked beside the one that is detected', () => {
    const files = { 'go.mod': 'module a', 'nixpacks.toml': 'providers = ["...", "cobalt"]' };
    expect(generatePlan(memoryTree(files), { languages }).providers).toEqual(['go', 'cobalt']);
    expect(() => generatePlan(memoryTree(files))).toThrow(/cobalt/);
  });

  it('moves into a workspace with what it says of its places', () => {
    const { plan, hints } = generatePlan(memoryTree({ 'cobalt.toml': '' }), { languages });
    const lifted = lift({ plan, hints }, plainLayout(inWorkspace`apps/api`), languages).plan;
    expect(lifted.variables?.['COBALT_HOME']).toBe('apps/api/ores');
    expect(lifted.phases?.['mine']?.cmds).toEqual(['dig']);
    expect(lifted.phases?.['build']?.cmds).toEqual(["cd -- 'apps/api' && smelt"]);
  });
});

it('asks in the order that nixpacks asks in, wherever two languages see the same source', () => {
  const firstOf = (files: Readonly<Record<string, string>>): string | undefined =>
    generatePlan(memoryTree(files), { extensions: false }).providers[0];
  expect(firstOf({ 'composer.json': '{}', Gemfile: '', '.ruby-version': '3.2.1' })).toBe('php');
  expect(firstOf({ 'package.json': '{}', 'main.py': '' })).toBe('node');
  expect(firstOf({ 'go.mod': 'module a', 'package.json': '{}' })).toBe('go');
  expect(firstOf({ 'main.py': '', 'Cargo.toml': '[package]\nname = "a"' })).toBe('python');
  expect(firstOf({ 'index.html': '', 'package.json': '{}' })).toBe('node');
  expect(firstOf({ 'build.zig': '', 'index.html': '' })).toBe('staticfile');
  expect(firstOf({ 'pubspec.yaml': 'name: a\nversion: 1.0.0', 'deno.json': '{}' })).toBe('dart');
});

it('has at least two examples for every provider, and no others', () => {
  const counts = PROVIDERS.map((provider) => examplesOf(provider.name).length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(examples.size);
});

describe.each(PROVIDERS.map((provider) => [provider.name, provider] as const))(
  '%s',
  (name, provider) => {
    const [first] = examplesOf(name);
    const sample = examples.get(first ?? '');
    if (sample === undefined) throw new Error(`no example for ${name}`);
    itKeepsTheProviderContract(provider, sample);
  },
);

describe('examples', () => {
  it.each([...examples.keys()])('%s is planned as its file says', (name) => {
    const { files, env = [], golden } = examples.get(name) ?? { files: {} };
    const { plan, hints, providers } = generatePlan(memoryTree(files, { name: 'shop' }), {
      env,
      extensions: false,
    });
    const answer: unknown = JSON.parse(
      JSON.stringify({ providers, plan: withShortAssets(plan), hints }),
    );
    if (process.env['UPDATE_GOLDEN'] === '1') writeGolden(name, answer);
    else expect(answer).toEqual(golden);
  });
});

/** Assets have their own specs; here their names are enough. */
function withShortAssets<T extends { readonly staticAssets?: Readonly<Record<string, string>> }>(
  plan: T,
): unknown {
  return plan.staticAssets === undefined
    ? plan
    : { ...plan, staticAssets: Object.keys(plan.staticAssets) };
}

function writeGolden(name: string, answer: unknown): void {
  const file = join(EXAMPLES, `${name}.yaml`);
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.set('golden', answer);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}
