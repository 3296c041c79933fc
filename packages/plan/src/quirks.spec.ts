import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, memoryTree as fileTree } from '@nx-nixpack/base';
import { generatePlan, type PlanOptions } from './generate/generate-plan.js';
import type { BuildPlan } from './plan/build-plan.js';
import { phaseOrder } from './plan/phase-order.js';
import { sourceTree } from './source/listed-tree.js';
import { memoryTree } from './source/memory-tree.contract.js';

const ROOT = join(__dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'nixpacks-compatibility.md'), 'utf8');
/** The table of the page is what is promised; each line of it has a test here, or where ELSEWHERE says. */
const promised = new Map(
  [...PAGE.matchAll(/^\| ([QD]\d+) +\|.*\| (kept|mended|by mode) +\|/gm)].map(
    (match) => [match[1] ?? '', match[2] ?? ''] as const,
  ),
);

/** What engines do, or what the lack of any access to the machine makes true. */
const ELSEWHERE = {
  Q8: 'packages/engine/src/recipe/lower.spec.ts',
  Q19: 'packages/engine/src/recipe/lower.spec.ts',
  Q20: 'packages/engine/src/recipe/lower.spec.ts',
  Q21: 'packages/sdk/src/source/source-context.spec.ts',
  D1: 'tools/lint-canaries.mjs',
};

type Files = Readonly<Record<string, string>>;
const generated = (files: Files, options: PlanOptions = {}) =>
  generatePlan(memoryTree(files), options);
const planOf = (files: Files, ...env: readonly string[]): BuildPlan =>
  generated(files, { env }).plan;
const setupOf = (files: Files, ...env: readonly string[]): readonly string[] =>
  planOf(files, ...env).phases?.['setup']?.nixPkgs ?? [];
const commandsOf = (files: Files, phase: string, ...env: readonly string[]): readonly string[] =>
  planOf(files, ...env).phases?.[phase]?.cmds ?? [];
const node = (more: object): Files => ({ 'package.json': JSON.stringify(more) });

/** The plan as nixpacks would make it, and as it is made here; undefined where planning fails. */
const byMode = (files: Files): readonly (BuildPlan | undefined)[] =>
  [true, false].map((conformance) => {
    try {
      return generated(files, { conformance }).plan;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  });

const TESTS: Readonly<Record<string, () => void>> = {
  Q1: () => {
    expect(generated({ 'node_modules/x/a.csproj': '' }).providers).toEqual(['c#']);
    const ignored = { '.gitignore': '*.csproj', 'a.csproj': '' };
    expect(generated(ignored).providers).toEqual(['c#']);
    expect(generated({ ...ignored, '.git/HEAD': '' }).providers).toEqual([]);
  },
  Q2: () => {
    const tree = sourceTree(fileTree({ 'a[b/main.fsproj': '' }), { name: 'a[b', root: 'a[b' });
    expect(generatePlan(tree).providers).toEqual(['f#']);
  },
  Q3: () => {
    const tree = fileTree({ 'main.py': '', 'x.py': Buffer.from([0xff]) });
    expect(generatePlan(sourceTree(tree, { name: 'app' })).providers).toEqual(['python']);
  },
  Q4: () => {
    const a = { dependsOn: ['b', 'b'] };
    expect(phaseOrder({ phases: { a, b: {} } })).toEqual(['b', 'a']);
  },
  Q5: () => {
    const wild = { ...node({}), 'nixpacks.toml': '[phases.setup]\nnixPkgs = ["...", "x"]' };
    const packages = setupOf(wild, 'NIXPACKS_PKGS=..., y');
    expect(packages.filter((name) => name === 'nodejs_18').length).toBeGreaterThan(1);
  },
  Q6: () => {
    const plan = { phases: { setup: { nixPkgs: ['...', 'x'] } } };
    const { phases } = generated(node({}), { plan }).plan;
    expect(phases?.['setup']?.nixOverlays).not.toEqual([]);
  },
  Q7: () => {
    const files = { ...node({}), 'nixpacks.toml': '[variables]\nA = "file"' };
    expect(planOf(files, 'A=caller').variables?.['A']).toBe('file');
  },
  Q9: () => {
    const packages = (range: string): string =>
      setupOf(node({ engines: { node: range } })).join(' ');
    expect(packages('<=20')).toContain('nodejs_18');
    expect(packages('99')).toContain('nodejs_18');
  },
  Q10: () => {
    const files = { ...node({ description: 'not like puppeteer' }) };
    expect(planOf(files).phases?.['setup']?.aptPkgs).toContain('libnss3');
  },
  Q11: () => {
    const files = { ...node({ packageManager: 'pnpm@9.0.0' }), 'pnpm-lock.yaml': '' };
    expect(commandsOf(files, 'install')[0]).toContain('corepack@0.24.1');
  },
  Q12: () => {
    const vite = node({
      dependencies: { a: '1' },
      devDependencies: { vite: '5' },
      scripts: { build: 'vite build' },
    });
    expect(planOf(vite).phases?.['caddy']).toBeUndefined();
  },
  Q13: () => {
    const files = { ...node({}), 'bun.lockb': '', 'package-lock.json': '{}' };
    expect(commandsOf(files, 'install').at(-1)).toBe('npm ci');
  },
  Q14: () => {
    const files = { 'main.py': '', '.tool-versions': 'python 3' };
    expect(setupOf(files)[0]).toBe('python3');
    const both = { 'main.py': '', '.tool-versions': 'python 3.11.2' };
    expect(setupOf(both, 'NIXPACKS_PYTHON_VERSION=3.9')[0]).toBe('python311');
  },
  Q15: () => {
    const go = (text: string): Files => ({ 'main.go': '', 'go.mod': text });
    expect(setupOf(go('module a\ngo 1.23.1'))).toEqual(['go']);
    expect(setupOf(go('module a\ngopher 1.23\ngo 1.19'))).toEqual(['go_1_23']);
  },
  Q16: () => {
    const crates = {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]',
      'crates/a/Cargo.toml': '[package]\nname = "a"',
      'crates/a/src/lib.rs': '',
      'crates/b/Cargo.toml': '[package]\nname = "b"',
      'crates/b/src/main.rs': '',
    };
    const inherited = '[package]\nname = "a"\nrust-version.workspace = true';
    const explicit = '[package]\nname = "a"\n[[bin]]\nname = "tool"\npath = "x.rs"';
    expect(byMode(crates).map((plan) => plan?.start?.cmd)).toEqual([undefined, './bin/b']);
    expect(
      byMode({ 'Cargo.toml': inherited, 'src/main.rs': '' }).map((plan) => plan?.start?.cmd),
    ).toEqual([undefined, './bin/a']);
    expect(byMode({ 'Cargo.toml': explicit }).map((plan) => plan?.start?.cmd)).toEqual([
      undefined,
      './bin/tool',
    ]);
  },
  Q17: () => {
    const files = { Gemfile: "# like gem 'mysql2'", '.ruby-version': '3.2' };
    expect(commandsOf(files, 'setup').join('\n')).toContain('3.2');
    expect(planOf(files).phases?.['setup']?.aptPkgs).toContain('default-libmysqlclient-dev');
  },
  Q18: () => {
    const files = { Gemfile: "gem 'execjs'", '.ruby-version': '3.2.1', ...node({}) };
    expect(planOf(files).phases?.['node:install']?.dependsOn).toEqual(['setup']);
  },
  Q22: () => {
    const zig = { 'build.zig': '' };
    const named = (name: string) => generatePlan(memoryTree(zig, { name })).plan.start?.cmd;
    expect([named('a'), named('b')]).toEqual(['./zig-out/bin/a', './zig-out/bin/b']);
  },
  Q23: () => {
    const only = { '.hidden/go.mod': 'module a' };
    expect(generated(only).subdirectory).toBe('.hidden');
    expect(generated({ ...only, '.github/x': '' }).subdirectory).toBeUndefined();
  },
  Q24: () => {
    const files = { 'deno.jsonc': '{"tasks":{"start":"x"},"a":"https://x"} // c' };
    expect(byMode(files).map((plan) => plan?.start?.cmd)).toEqual([undefined, 'x']);
  },
  Q25: () => {
    const toml =
      '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"';
    expect(commandsOf({ 'pyproject.toml': toml, 'main.py': '' }, 'install').join(' ')).toContain(
      'pip install',
    );
  },
  D2: () => {
    const links = { 'go.mod': '../outside/go.mod' };
    expect(generatePlan(memoryTree({ 'x/y': '' }, { links })).providers).toEqual([]);
  },
  D3: () => {
    process.env['QUIRK_D3'] = 'machine';
    expect(planOf(node({}), 'QUIRK_D3').variables).not.toHaveProperty('QUIRK_D3');
    delete process.env['QUIRK_D3'];
  },
  D4: () => {
    expect(() => planOf({ 'nixpacks.json': '[["node"]]' })).toThrow(/must be a map/);
  },
};

it('promises nothing that no test knows', () => {
  expect([...promised.keys()].sort()).toEqual(
    [...Object.keys(TESTS), ...Object.keys(ELSEWHERE)].sort(),
  );
  expect(promised.size).toBe(29);
  for (const path of Object.values(ELSEWHERE))
    expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});

it.each(Object.entries(TESTS))('%s', (id, test) => {
  expect(promised.has(id)).toBe(true);
  test();
});
