import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import {
  ADAPTATIONS,
  EXTENSIONS,
  generatePlan,
  sourceTree,
  type Amendment,
} from '@nx-nixpack/plan';
import { caseTree, readCase, type ConformanceCase } from './conformance-case.js';

const ROOT = join(__dirname, '..', '..', '..', '..');
const PAGE = join(ROOT, 'docs', 'concepts', 'extensions.md');
const CASES = join(ROOT, 'packages', 'plan', 'conformance', 'cases');

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const SHOWN = 90;
const short = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN).trimEnd()}…` : text;

const list = (amendments: readonly Amendment[]): string =>
  [
    row('language', 'names'),
    row('---', '---'),
    ...[...new Set(amendments.flatMap(({ providers }) => providers))].map((language) =>
      row(language, namesOf(amendments, language)),
    ),
  ].join('\n');

const namesOf = (amendments: readonly Amendment[], language: string): string =>
  amendments
    .filter(({ providers }) => providers.includes(language))
    .map(({ name }) => code(name))
    .join(', ');

interface Change {
  readonly by: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
}

/** What is ours in the plan of a case; nothing for a source that cannot be planned. */
function changesOf({ options, directory = 'app', ...given }: ConformanceCase): readonly Change[] {
  const source = sourceTree(caseTree({ ...given }), { name: directory });
  try {
    const { explanation } = generatePlan(source, { env: options.env ?? [] });
    return explanation.decisions.flatMap(({ by, subject, instead = 'none', choice = 'none' }) =>
      by === undefined
        ? []
        : [{ by: by.replace('extension ', ''), subject, from: instead, to: choice }],
    );
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** One line for each extension that changes something: how many sources, and the first of them. */
function changes(): string {
  const files = readdirSync(CASES)
    .filter((name) => name.endsWith('.json'))
    .sort();
  const found = files.flatMap((name) =>
    changesOf(readCase(readFileSync(join(CASES, name), 'utf8'))).map((change) => ({
      name,
      ...change,
    })),
  );
  const names = [...new Set(found.map(({ by }) => by))].sort();
  const touched = new Set(found.map(({ name }) => name)).size;
  return [
    `${touched} of ${files.length} plans differ.`,
    '',
    row('extension', 'sources', 'the first of them', 'nixpacks', 'here'),
    row('---', '---', '---', '---', '---'),
    ...names.map((by) => {
      const all = found.filter((change) => change.by === by);
      const [first] = all;
      const sources = new Set(all.map(({ name }) => name)).size;
      return row(
        code(by),
        String(sources),
        `${first?.name.replace(/\.json$/, '') ?? ''}: ${first?.subject ?? ''}`,
        code(short(first?.from ?? '')),
        code(short(first?.to ?? '')),
      );
    }),
  ].join('\n');
}

const FACTS: Readonly<Record<string, () => string>> = {
  extensions: () => list(EXTENSIONS),
  changes,
  adaptations: () => list(ADAPTATIONS),
};
const BLOCK = /(<!-- facts: (\w+) -->\n)([\s\S]*?)(<!-- \/facts -->)/g;
/** Prettier aligns tables; the words are what counts. */
const words = (text: string): string => text.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim();

it('states what extensions there are and what they change', () => {
  const page = readFileSync(PAGE, 'utf8');
  const wanted = page.replace(
    BLOCK,
    (all, open: string, name: string, _old: string, close: string) => {
      const facts = FACTS[name];
      return facts === undefined ? all : `${open}\n${facts()}\n\n${close}`;
    },
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, wanted);
  else expect(words(page)).toBe(words(wanted));
});
