import fc from 'fast-check';

import type { BuildPlan, Phase } from '../plan/build-plan.js';
import { generatePlan } from './generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { expandMarkers, mergeAll, mergePlans, withoutMarkers } from '../plan/merge.js';
import { parsePlan } from '../plan/plan-reader.js';
import { planJson, planToml } from '../plan/plan-text.contract.js';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const words = fc.array(fc.oneof(word, fc.constantFrom('...', '@auto')), { maxLength: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** No key at all in place of undefined. */
const bare = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const phase: fc.Arbitrary<Phase> = fc
  .record({
    dependsOn: maybe(words),
    nixPkgs: maybe(words),
    cmds: maybe(words),
    paths: maybe(words),
    nixpkgsArchive: maybe(word),
  })
  .map((value) => bare(value) as Phase);
const plans: fc.Arbitrary<BuildPlan> = fc
  .record({
    providers: maybe(words),
    buildImage: maybe(word),
    variables: maybe(fc.dictionary(word, fc.string())),
    staticAssets: maybe(fc.dictionary(word, fc.string())),
    phases: maybe(
      fc.dictionary(
        fc.oneof(fc.constantFrom('setup', 'install', 'build'), fc.string({ minLength: 1 })),
        phase,
      ),
    ),
    start: maybe(
      fc.record({ cmd: maybe(fc.string()), user: maybe(word), onlyIncludeFiles: maybe(words) }),
    ),
  })
  .map((value) => bare(value) as BuildPlan);

/** Small sources that wake several providers. */
const texts: Readonly<Record<string, readonly string[]>> = {
  'package.json': [
    '{}',
    '{"scripts":{"build":"vite build","start":"s"},"dependencies":{"react":"1"}}',
    '{"engines":{"node":"22"}}',
  ],
  'nx.json': ['{}'],
  'apps/a/project.json': ['{"targets":{"build":{"executor":"x"}}}'],
  'pnpm-lock.yaml': [''],
  'go.mod': ['go 1.23'],
  'main.go': [''],
  'main.py': [''],
  'requirements.txt': ['django'],
  'Cargo.toml': ['[package]\nname = "a"'],
  'src/main.rs': [''],
  'a.csproj': [''],
  'sub/index.ts': ['x'],
  Procfile: ['web: x', 'release: r'],
  'nixpacks.toml': ['providers = ["...", "python"]', '[phases.build]\ncmds = ["...", "x"]'],
  'index.html': [''],
  '.gitignore': ['sub', '*.csproj'],
  '.git/HEAD': [''],
};
const sources = fc
  .record(
    Object.fromEntries(
      Object.entries(texts).map(([path, options]) => [path, maybe(fc.constantFrom(...options))]),
    ),
  )
  .map((files) => bare(files) as Record<string, string>);

describe('expandMarkers', () => {
  it('with a lone marker changes nothing once markers are gone', () => {
    fc.assert(
      fc.property(words, (list) => {
        expect(withoutMarkers(expandMarkers(list, ['...']) ?? [])).toEqual(withoutMarkers(list));
      }),
    );
  });

  it('of nothing keeps what is there', () => {
    fc.assert(fc.property(words, (list) => expect(expandMarkers(list, undefined)).toBe(list)));
  });

  it('may be done in steps from the weak end: a stronger list without markers always wins', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(expandMarkers(expandMarkers(a, b), withoutMarkers(c))).toEqual(withoutMarkers(c));
      }),
    );
  });
});

describe('merge', () => {
  it('with an empty plan on top changes nothing but that phases exist and know their names', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const once = mergeAll([plan]);
        expect(mergePlans(once, {})).toEqual(once);
      }),
    );
  });

  it('takes from both: every phase, variable and asset of either side is in the result', () => {
    fc.assert(
      fc.property(plans, plans, (base, over) => {
        const merged = mergePlans(base, over);
        for (const key of ['phases', 'variables', 'staticAssets'] as const) {
          const names = [...Object.keys(base[key] ?? {}), ...Object.keys(over[key] ?? {})];
          expect(Object.keys(merged[key] ?? {}).sort()).toEqual([...new Set(names)].sort());
        }
      }),
    );
  });

  it('lets the stronger plan decide single values', () => {
    fc.assert(
      fc.property(plans, plans, (base, over) => {
        const merged = mergePlans(base, over);
        expect(merged.buildImage).toBe(over.buildImage ?? base.buildImage);
        expect(merged.start?.cmd).toBe(over.start?.cmd ?? base.start?.cmd);
        expect({ ...merged.variables }).toEqual({ ...base.variables, ...over.variables });
      }),
    );
  });

  it('changes neither side', () => {
    fc.assert(
      fc.property(plans, plans, (base, over) => {
        const before = JSON.stringify([base, over]);
        mergePlans(base, over);
        expect(JSON.stringify([base, over])).toBe(before);
      }),
    );
  });
});

describe('text', () => {
  it('plan to TOML or JSON and back is the same plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const expected = bare(plan);
        expect(bare(parsePlan(planToml(plan), 'toml', 'f'))).toEqual(expected);
        expect(bare(parsePlan(planJson(plan), 'json', 'f'))).toEqual(expected);
      }),
    );
  });
});

describe('generatePlan', () => {
  it('is pure, and does not depend on the order in which files are listed', () => {
    fc.assert(
      fc.property(sources, (files) => {
        const tree = memoryTree(files);
        const first = JSON.stringify(generatePlan(tree));
        expect(JSON.stringify(generatePlan(tree))).toBe(first);
        expect(
          JSON.stringify(
            generatePlan(memoryTree(Object.fromEntries(Object.entries(files).reverse()))),
          ),
        ).toBe(first);
      }),
    );
  });

  it('finishes: no markers, no providers, an archive wherever Nix is used', () => {
    fc.assert(
      fc.property(sources, plans, (files, { providers: _providers, ...plan }) => {
        const finished = generatePlan(memoryTree(files), { plan }).plan;
        expect(finished.providers).toEqual([]);
        expect(finished.buildImage).toEqual(expect.any(String));
        for (const { nixPkgs = [], nixLibs = [], nixpkgsArchive, ...rest } of Object.values(
          finished.phases ?? {},
        )) {
          if (nixPkgs.length + nixLibs.length > 0)
            expect(nixpkgsArchive).toEqual(expect.any(String));
          expect(Object.values({ nixPkgs, ...rest }).flat()).not.toContain('...');
        }
      }),
    );
  });

  it('does the same in conformance mode wherever no quirk is mended', () => {
    fc.assert(
      fc.property(sources, (files) => {
        expect(generatePlan(memoryTree(files), { conformance: true }).plan).toEqual(
          generatePlan(memoryTree(files), { extensions: false }).plan,
        );
      }),
    );
  });
});
