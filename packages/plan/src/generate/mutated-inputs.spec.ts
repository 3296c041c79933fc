import { UserError } from '@nx-nixpack/base';
import fc from 'fast-check';

import { generatePlan } from './generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';

/** Files that planning parses, each with a text that makes it do so. */
const PARSED: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [
    {
      'package.json':
        '{"name":"a","engines":{"node":">=18 <22 || ^24.0.0-rc.1"},"scripts":{"build":"vite build --outDir x"},"packageManager":"pnpm@9.1.0","workspaces":["a/*"]}',
    },
    'package.json',
  ],
  [
    {
      'package.json': '{}',
      'tsconfig.json': '{"extends":"./b.json","compilerOptions":{"incremental":true}}',
    },
    'tsconfig.json',
  ],
  [
    {
      'package.json': '{}',
      'nx.json': '{"defaultProject":"a"}',
      'apps/a/project.json': '{"targets":{"build":{"executor":"x","options":{"main":"m.ts"}}}}',
    },
    'apps/a/project.json',
  ],
  [
    {
      'nixpacks.toml':
        'providers = ["...", "node"]\n[phases.build]\ncmds = ["a", """b\n"""]\nnixPkgs = [\n"x", # c\n]\n[variables]\nA = \'1\'\n[start]\ncmd = "s\\u00e9"\n',
    },
    'nixpacks.toml',
  ],
  [
    {
      'nixpacks.json':
        '{"phases":{"a":{"commands":["x"],"dependsOn":["b"]}},"start":{"cmd":"\\ud83d\\ude00"}}',
    },
    'nixpacks.json',
  ],
  [{ Procfile: 'web: &a node x # c\nworker: *a\nrelease: |\n  a\n  b\n"q": \'z\'\n' }, 'Procfile'],
  [
    {
      'Cargo.toml':
        '[package]\nname = "a"\nversion.workspace = true\n[workspace]\nmembers = ["b/*", "c"]\n[dependencies]\nx = { version = "1" }\n',
    },
    'Cargo.toml',
  ],
  [
    { 'pyproject.toml': '[project]\nname = "a"\npackages = ["b"]\n', 'poetry.lock': '' },
    'pyproject.toml',
  ],
  [{ 'shard.yml': 'name: a\ntargets:\n  b:\n    main: c\n' }, 'shard.yml'],
  [{ 'composer.json': '{"require":{"php":"^8.2","ext-gd":"*"}}' }, 'composer.json'],
  [
    { 'package.json': '{}', '.git/HEAD': '', '.gitignore': '*.log\n!a[b-c]\n{x,y}/**\n' },
    '.gitignore',
  ],
  [{ 'package.json': '{"workspaces":["p/*"]}', 'turbo.json': '{"tasks":{}}' }, 'package.json'],
  [{ Gemfile: "ruby '3.2.2'\ngem 'rails'\n", 'Gemfile.lock': 'BUNDLED WITH\n  2.5\n' }, 'Gemfile'],
  [{ 'go.mod': 'module x\ngo 1.22\nreplace a => ./b\n' }, 'go.mod'],
  [{ 'requirements.txt': 'flask==1 \\\n --hash=sha256:0\n-r x\n' }, 'requirements.txt'],
];

type Change = readonly [at: number, remove: number, insert: string];
const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.tuple(
    fc.nat(400),
    fc.nat(4),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        '\\',
        '\n',
        '#',
        ':',
        ',',
        '\u0000',
        '\ufeff',
        '[[',
        '"""',
        '*',
        '&a ',
        '!',
        '|',
        '99999999999999999999',
      ),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

const changed = (text: string, change: readonly Change[]): string =>
  change.reduce((at, [offset, remove, insert]) => {
    const place = offset % (at.length + 1);
    return at.slice(0, place) + insert + at.slice(place + remove);
  }, text);

// `PLAN_MUTATIONS=10000` is the nightly number; fast-check prints the seed of a failure.
const RUNS = Number(process.env['PLAN_MUTATIONS'] ?? 500);

it('ends in a plan or in an error with file and position, whatever a file holds', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PARSED), changes, ([files, path], change) => {
      const mutated = { ...files, [path]: changed(files[path] ?? '', change) };
      try {
        generatePlan(memoryTree(mutated));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.at).toMatchObject({
          file: expect.any(String) as string,
          line: expect.any(Number) as number,
          column: expect.any(Number) as number,
        });
        expect(error.hint).not.toBe('');
      }
    }),
    { numRuns: RUNS },
  );
});
