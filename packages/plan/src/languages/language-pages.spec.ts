import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import type { BuildPlan } from '../plan/build-plan.js';
import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { NODE_MAJORS, DEFAULT_NODE_MAJOR } from './node/version.js';
import { phaseOrder } from '../plan/phase-order.js';
import { DEFAULT_PHP, PHP_VERSIONS } from './php/version.js';
import { PROVIDERS } from './index.js';
import { DEFAULT_GRADLE, DEFAULT_JDK, GRADLE_PACKAGES, JDK_PACKAGES } from './java/jdk.js';
import { ELIXIR_MINORS } from './elixir.js';
import { GO_DEFAULT_VERSION, GO_VERSIONS } from './go.js';
import { PYTHON_DEFAULTS } from './python/index.js';
import { SCALA_JDKS } from './scala.js';
import type { Environment, Provider } from './provider.js';
import { PYTHON_VERSIONS } from './python/version.js';
import { SWIFT_ARCHIVES, SWIFT_DEFAULT_VERSION } from './swift/archives.js';
import { traced } from '../source/traced-tree.js';

const DOCS = join(__dirname, '..', '..', '..', '..', 'docs', 'languages');
const EXAMPLES = join(__dirname, '..', '..', 'examples');
const SOURCES = join(__dirname, '..');
const FILE_NAMES: Readonly<Record<string, string>> = { 'c#': 'csharp', 'f#': 'fsharp' };
const fileName = (name: string): string => FILE_NAMES[name] ?? name;
const HEADINGS = [
  'How the version is chosen',
  'What is built',
  'Settings',
  'Example',
  'When it goes wrong',
];

/** Versions that a plan can name, and the one that stands when nothing is said. */
const VERSIONS: Readonly<
  Record<string, readonly [versions: readonly (string | number)[], fallback: string | number]>
> = {
  node: [[...NODE_MAJORS], DEFAULT_NODE_MAJOR],
  go: [Object.keys(GO_VERSIONS), GO_DEFAULT_VERSION],
  python: [
    Object.keys(PYTHON_VERSIONS),
    `python3 of nixpkgs; Poetry ${PYTHON_DEFAULTS.poetry}, PDM ${PYTHON_DEFAULTS.pdm}, uv ${PYTHON_DEFAULTS.uv}`,
  ],
  php: [Object.keys(PHP_VERSIONS), DEFAULT_PHP],
  java: [
    [...JDK_PACKAGES.keys()],
    `JDK ${DEFAULT_JDK}, Gradle ${DEFAULT_GRADLE} (of ${[...GRADLE_PACKAGES.keys()].join(', ')})`,
  ],
  scala: [[...SCALA_JDKS.keys(), DEFAULT_JDK].sort((a, b) => b - a), DEFAULT_JDK],
  elixir: [[`1.${ELIXIR_MINORS.oldest} to 1.${ELIXIR_MINORS.newest}`], 'elixir of nixpkgs'],
  swift: [[...SWIFT_ARCHIVES.keys()], SWIFT_DEFAULT_VERSION],
};

interface Example {
  readonly about: string;
  readonly env?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}
const exampleNames = (provider: Provider): readonly string[] =>
  readdirSync(EXAMPLES)
    .filter((file) => file.startsWith(`${fileName(provider.name)}-`))
    .sort();
const example = (file: string): Example =>
  parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Example;

/** Everything that detection asks for: what it finds missing is put there, until it says yes or asks nothing new. */
function looksFor(provider: Provider): readonly string[] {
  const files: Record<string, string> = {};
  const asked = new Set<string>();
  for (let size = -1; size < asked.size;) {
    size = asked.size;
    const trace = traced(memoryTree(files));
    const found = provider.detect(trace.tree, new Map());
    for (const question of [...trace.found(), ...trace.missed()]) asked.add(question);
    const [missing] = trace.missed();
    if (found || missing === undefined) break;
    files[missing.replace('**/', '').replace('*', 'x')] = '';
  }
  // Once the first is there the others are not asked for any more.
  const empty = traced(memoryTree({}));
  provider.detect(empty.tree, new Map());
  return [...new Set([...empty.missed(), ...asked])].filter((question) => !/^x\./.test(question));
}

const code = (text: string | number): string => `\`${String(text).replaceAll('|', '\\|')}\``;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function facts(provider: Provider): string {
  const versions = VERSIONS[provider.name];
  const [first] = exampleNames(provider);
  const { about, env = [], files } = example(first ?? '');
  const { plan } = generatePlan(memoryTree(files, { name: 'shop' }), { env });
  return [
    row('', ''),
    row('---', '---'),
    row('Name in `providers`', code(provider.name)),
    row('Looks for', looksFor(provider).map(code).join(', ')),
    ...(versions === undefined
      ? []
      : [row('Versions', versions[0].map(code).join(', ')), row('Default', code(versions[1]))]),
    '',
    `\`packages/plan/examples/${first}\`: ${about}`,
    '',
    row('phase', 'packages', 'commands'),
    row('---', '---', '---'),
    ...phaseRows(plan),
    row('start', '', code(plan.start?.cmd ?? 'none')),
  ].join('\n');
}

const phaseRows = ({ phases = {} }: BuildPlan): readonly string[] =>
  phaseOrder({ phases }).map((name) => {
    const { nixPkgs = [], nixLibs = [], cmds = [] } = phases[name] ?? {};
    return row(name, [...nixPkgs, ...nixLibs].map(code).join(', '), cmds.map(code).join('; '));
  });

const BLOCK = /(<!-- facts: language [\w-]+ -->\n)([\s\S]*?)(<!-- \/facts -->)/;
/** Prettier aligns tables; the words are what counts. */
const words = (text: string): string => text.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim();

it('has a page for every language, and no others', () => {
  const pages = readdirSync(DOCS).sort();
  expect(pages).toEqual(PROVIDERS.map((provider) => `${fileName(provider.name)}.md`).sort());
});

describe.each(PROVIDERS.map((provider) => [provider.name, provider] as const))(
  '%s',
  (name, provider) => {
    const path = join(DOCS, `${fileName(name)}.md`);
    const page = readFileSync(path, 'utf8');

    it('has the sections that every page has', () => {
      expect([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(HEADINGS);
      expect(page).toContain(`<!-- facts: language ${fileName(name)} -->`);
    });

    it('states the facts of the code', () => {
      const wanted = page.replace(
        BLOCK,
        (_all, open: string, _old, close: string) => `${open}\n${facts(provider)}\n\n${close}`,
      );
      if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, wanted);
      else expect(words(page)).toBe(words(wanted));
    });

    it('explains every setting that the provider reads', () => {
      const shared = page.includes('(node.md)') ? readFileSync(join(DOCS, 'node.md'), 'utf8') : '';
      for (const setting of settingsRead(provider))
        expect(page + shared).toContain(`\`${setting}\``);
    });

    it('names no setting that nobody reads', () => {
      const named = [...page.matchAll(/`(NIXPACKS_\w+)`/g)].map((match) => match[1] ?? '');
      for (const setting of named) expect(sourceText()).toContain(setting.replace('NIXPACKS_', ''));
    });
  },
);

/** The variables that planning asks for while it plans the provider's examples. */
function settingsRead(provider: Provider): readonly string[] {
  const asked = new Set<string>();
  const env: Environment = new Proxy(new Map<string, string>(), {
    get(target, key) {
      if (key !== 'get') return Reflect.get(target, key) as unknown;
      return (name: string) => (asked.add(name), undefined);
    },
  });
  for (const name of exampleNames(provider)) {
    provider.plan(memoryTree(example(name).files), env, { arch: 'x86_64', conformance: false });
  }
  return [...asked].filter((name) => name.startsWith('NIXPACKS_'));
}

let joined: string | undefined;
function sourceText(): string {
  joined ??= (readdirSync(SOURCES, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
    .join('\n');
  return joined;
}
