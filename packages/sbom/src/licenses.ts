import parse from 'spdx-expression-parse';
import current from 'spdx-license-ids';
import deprecated from 'spdx-license-ids/deprecated';
import type { License } from './package-graph.js';

const IDS = new Map([...deprecated, ...current].map((id) => [id.toLowerCase(), id]));

/** Names that can mean only one license. What needs a guess (`BSD`, `GPL`) is not here and stays a name. */
const SPELLINGS = new Map([
  ['apache 2', 'Apache-2.0'],
  ['apache 2.0', 'Apache-2.0'],
  ['apache license 2.0', 'Apache-2.0'],
  ['apache license, version 2.0', 'Apache-2.0'],
  ['apache license version 2.0', 'Apache-2.0'],
  ['apache software license 2.0', 'Apache-2.0'],
  ['apache-2', 'Apache-2.0'],
  ['bsd 2-clause', 'BSD-2-Clause'],
  ['bsd 3-clause', 'BSD-3-Clause'],
  ['bsd 3-clause license', 'BSD-3-Clause'],
  ['bsd-3', 'BSD-3-Clause'],
  ['cc0', 'CC0-1.0'],
  ['expat', 'MIT'],
  ['isc license', 'ISC'],
  ['isc license (iscl)', 'ISC'],
  ['mit license', 'MIT'],
  ['mit licence', 'MIT'],
  ['the mit license', 'MIT'],
  ['the mit license (mit)', 'MIT'],
  ['mozilla public license 2.0 (mpl 2.0)', 'MPL-2.0'],
  ['mpl 2.0', 'MPL-2.0'],
  ['the unlicense (unlicense)', 'Unlicense'],
  ['zlib/libpng license', 'Zlib'],
]);

const MAX_NAME = 120;

/** Reads one license statement. `dialect` translates an ecosystem's own short names; never guesses; undefined for no statement. */
export function readLicense(
  statement: string,
  dialect: (name: string) => string | undefined = () => undefined,
): License | undefined {
  const text = statement.trim();
  if (text === '' || /^(unknown|none|noassertion)$/i.test(text)) return undefined;
  const whole = singleId(text, dialect);
  if (whole !== undefined) return expressionLicense(whole);
  const expression = translate(text, dialect);
  if (expression !== undefined) return expressionLicense(expression);
  return { kind: 'name', name: firstLine(text) };
}

/** Whether the text is a valid SPDX expression. */
export function isExpression(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function expressionLicense(text: string): License {
  return IDS.get(text.toLowerCase()) === text
    ? { kind: 'id', id: text }
    : { kind: 'expression', expression: text };
}

function singleId(text: string, dialect: (name: string) => string | undefined): string | undefined {
  const name = text.toLowerCase();
  return dialect(name) ?? IDS.get(name) ?? SPELLINGS.get(name);
}

/** The expression in SPDX's own spelling; a slash between two licenses means either, as Cargo wrote it. */
function translate(
  text: string,
  dialect: (name: string) => string | undefined,
): string | undefined {
  if (text.length > 1000 || /[\n,]/.test(text)) return undefined;
  const words = text.replace(/\s*\/\s*/g, ' OR ').match(/[()]|[^\s()]+/g) ?? [];
  const translated = words.map((word) => {
    if (/^(and|or|with)$/i.test(word)) return word.toUpperCase();
    const known = singleId(word, dialect);
    return known === undefined ? word : known.includes(' ') ? `(${known})` : known;
  });
  const expression = translated.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
  return isExpression(expression) ? expression : undefined;
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  const name = line.trim();
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}

/** Removes equal licenses, keeps the order. */
export function distinctLicenses(licenses: readonly (License | undefined)[]): License[] {
  const seen = new Map<string, License>();
  for (const license of licenses) if (license) seen.set(JSON.stringify(license), license);
  return [...seen.values()];
}
