import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Field } from '@nx-nixpack/data';
import { load, NAMES, shop } from '../shop.fixture.js';
import { sections } from './sections.js';

const keysIn = (shape: Field): string[] =>
  shape.form.kind === 'struct' ? Object.keys(shape.form.fields) : [];
const KEYS = Object.fromEntries(
  Object.entries(sections(NAMES)).map(([section, shape]) => [section, keysIn(shape)]),
);
const keys = (section: string): string[] => KEYS[section] ?? [];

/** The maps whose shapes stand inside another: their keys, and how a file reaches them. */
const PLACES: readonly (readonly [string, readonly string[], (key: string) => string])[] = [
  ['root', ['deployment'], (key) => `${shop()}${key}: {}\n`],
  ['deployment', keys('deployment'), (key) => shop({ rest: `${key}: {}` })],
  ['context', keys('context'), (key) => shop({ rest: `context: { ${key}: {} }` })],
  ['components', keys('components'), (key) => shop({ components: `${key}: {}` })],
  [
    'component',
    ['metadata', 'vars', 'settings'],
    (key) => shop().replace('        vars:', `        ${key}: {}\n        vars:`),
  ],
  [
    'consumer',
    ['metadata', 'vars', 'settings', 'env'],
    (key) => shop({ components: `lambda: { a: { ${key}: {} } }` }),
  ],
  ['metadata', keys('metadata'), (key) => shop({ metadata: `${key}: {}` })],
  ['vars', keys('vars'), (key) => shop({ vars: `${key}: {}` })],
  ['prebuilt', keys('prebuilt'), (key) => shop({ vars: `prebuilt: { ${key}: {} }` })],
  ['image', keys('image'), (key) => shop({ image: `registry: r, name: a, ${key}: {}` })],
  [
    'settings',
    ['nixpack'],
    (key) =>
      shop({ settings: 'publish: true' }).replace(
        '          nixpack:',
        `          ${key}: {}\n          nixpack:`,
      ),
  ],
  ['settings.nixpack', keys('settings.nixpack'), (key) => shop({ settings: `${key}: {}` })],
  ['sbom', keys('sbom'), (key) => shop({ settings: `sbom: { ${key}: {} }` })],
  ['secret', keys('secrets'), (key) => shop({ settings: `secrets: { A: { ${key}: {} } }` })],
  [
    'target',
    keys('targets'),
    (key) => shop({ rest: `targets: { a: { labels: {}, context: {}, ${key}: {} } }` }),
  ],
  [
    'promotion',
    keys('promotion'),
    (key) => shop({ rest: `targets: { a: { labels: {}, promotion: { ${key}: {} } } }` }),
  ],
];

/** Every text that one edit makes of a key: a letter less, more or other, or two changed about. */
function misspellings(key: string): string[] {
  const positions = Array.from(key, (_, index) => index);
  return positions.flatMap((index) => {
    const [before, at, after] = [key.slice(0, index), key.charAt(index), key.slice(index + 1)];
    return [
      before + after,
      `${before}q${at}${after}`,
      `${before}q${after}`,
      before + after.charAt(0) + at + after.slice(1),
    ];
  });
}

describe.each(PLACES)('a misspelt key of %s', (_place, keys, write) => {
  it.each(keys)('%s is unknown, and suggested', (key) => {
    for (const misspelt of new Set(misspellings(key)).values()) {
      if (keys.includes(misspelt) || misspelt === '') continue;
      const unknown = load(write(misspelt)).problems.filter(
        ({ code }) => code === 'CONFIG_UNKNOWN_KEY',
      );
      expect(unknown.map(({ message }) => message)).toEqual([
        expect.stringContaining(`"${misspelt}"`),
      ]);
      // One letter of two is too little to guess from: then all keys are named.
      const guess = key.length > 2 ? 'Did you mean .*\\?$' : '(?:Did you mean|Use one of:) .*';
      expect(unknown[0]?.hint).toMatch(new RegExp(`^${guess}`));
      expect(unknown[0]?.hint).toMatch(new RegExp(`\\b${key}\\b`));
    }
  });
});

describe('docs/deployment-file.md', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/deployment-file.md'), 'utf8');
  const keysOf = (section: string): string[] => {
    const text = page.split(`\n### ${section}\n`)[1]?.split(/\n###? |<!-- \/facts/)[0] ?? '';
    return [...text.matchAll(/^\| `([A-Za-z_]+)`/gm)].map(([, key]) => key ?? '');
  };

  it.each(Object.keys(KEYS))('explains every key of %s, in order', (section) => {
    expect(keysOf(section)).toEqual(keys(section));
  });
});

describe('whatever a file holds', () => {
  const pieces = [
    'deployment',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '{{',
    '}}',
    '"',
    "'",
    '&a',
    '*a',
    '!x',
    '<<',
    '|',
    '>',
    '?',
    '#',
    ',',
    '~',
    '1',
    'name',
    '\t',
    '\u0000',
    '\u001b',
    '😀',
    '---',
    '%',
    '@',
    '`',
    '\r\n',
  ];
  const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 });

  it('ends in problems with a code, a hint and a place, never in an exception', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (parts, below) => {
        const { deployment, problems } = load(`${below ? shop() : ''}${parts.join('')}`);
        expect(deployment === undefined).toBe(problems.length > 0);
        for (const { hint, at } of problems)
          expect([hint, at?.line, at?.column]).toEqual([
            expect.stringMatching(/\S/),
            expect.any(Number),
            expect.any(Number),
          ]);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('and whatever bytes it is made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(load(bytes).problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('every value of every key is accepted or refused at its place', () => {
    const values = fc.oneof(
      fc.json(),
      fc.string().map((text) => JSON.stringify(text)),
    );
    const place = fc.constantFrom(
      ...PLACES.flatMap(([, keys, write]) => keys.map((key) => write(key))),
    );
    fc.assert(
      fc.property(place, values, (file, value) => {
        const { problems } = load(
          file.replace(/: \{\}(?!.*: \{\})/s, `: ${value.replace(/\$/g, '$$$$')}`),
        );
        for (const { at } of problems) expect(at?.file).toBe('deployments/shop.yaml');
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
