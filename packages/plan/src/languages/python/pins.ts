import { linesOf } from '../../source/plain-text.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';

/** The newest Python that a pinned distribution runs on, and the pin. */
export interface Limit {
  /** The first minor version that is too new. */
  readonly below: '3.10' | '3.12';
  readonly because: string;
}

type Numbers = readonly number[];

/**
 * First versions for 3.13 and for 3.11. With parts in C: the first with a wheel for it (`cp313`, `cp311`) for Linux on PyPI, or
 * whose sources compile there, which older ones of PyYAML and MarkupSafe do. Without: the first that imports no module that the
 * standard library has lost since.
 */
const FIRST: Readonly<Record<string, readonly [on313: string, on311: string]>> = {
  aiohttp: ['3.10.5', '3.8.2'],
  cffi: ['1.17.0', '1.15.1'],
  django: ['4.2', '3.0'],
  gevent: ['24.10.1', '22.10.1'],
  greenlet: ['3.1.0', '1.1.3'],
  grpcio: ['1.66.2', '1.49.0'],
  httptools: ['0.6.2', '0.5.0'],
  jinja2: ['2.11', '2.11'],
  lxml: ['5.3.0', '4.9.1'],
  markupsafe: ['2.0', '2.0'],
  matplotlib: ['3.9.2', '3.6.0'],
  numpy: ['2.1.0', '1.23.2'],
  pandas: ['2.2.3', '1.5.0'],
  pillow: ['10.4.0', '9.2.0'],
  'psycopg2-binary': ['2.9.10', '2.9.5'],
  pyarrow: ['18.0.0', '10.0.1'],
  'pydantic-core': ['2.20.0', '0.7.0'],
  pyyaml: ['6.0.1', '6.0'],
  'scikit-learn': ['1.5.2', '1.1.3'],
  scipy: ['1.14.1', '1.9.2'],
  uvloop: ['0.21.0', '0.17.0'],
  werkzeug: ['0.15', '0.15'],
};
const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:==|~=)\s*v?([0-9]+(?:\.[0-9]+)*)/;
const LOCKED = /^name = "([^"]+)"\nversion = "([0-9.]+)/gm;
const LOCKED_BY_PIPENV = /"([\w.-]+)": \{[^{}]*?"version": "==([0-9.]+)/g;

/** What the source's pins limit Python to; undefined when they leave it open. The oldest limit counts. */
export function pinnedLimit(source: SourceTree): Limit | undefined {
  const limits = pins(source).flatMap(([name, version, file]) => limitOf(name, version, file));
  return limits.find(({ below }) => below === '3.10') ?? limits[0];
}

type PinIn = readonly [name: string, version: string, file: string];

function pins(source: SourceTree): readonly PinIn[] {
  const text = (file: string) => (source.has(file) ? (readIfText(source, file) ?? '') : '');
  const required = linesOf(text('requirements.txt')).flatMap((line): PinIn[] => {
    const [, name, version] = REQUIREMENT.exec(line.trim()) ?? [];
    return name === undefined || version === undefined ? [] : [[name, version, 'requirements.txt']];
  });
  const locked = (file: string, pattern: RegExp) =>
    [...text(file).matchAll(pattern)].map(([, name = '', version = '']): PinIn => [
      name,
      version,
      file,
    ]);
  return [
    ...required,
    ...['poetry.lock', 'uv.lock', 'pdm.lock'].flatMap((file) => locked(file, LOCKED)),
    ...locked('Pipfile.lock', LOCKED_BY_PIPENV),
  ];
}

function limitOf(distribution: string, version: string, file: string): readonly Limit[] {
  const name = distribution.toLowerCase().replace(/[-_.]+/g, '-');
  const first = Object.hasOwn(FIRST, name) ? FIRST[name] : undefined;
  if (first === undefined) return [];
  const because = `${distribution} ${version} of ${file}`;
  if (isBelow(version, first[1])) return [{ below: '3.10', because }];
  return isBelow(version, first[0]) ? [{ below: '3.12', because }] : [];
}

function isBelow(version: string, first: string): boolean {
  const [a, b] = [numbers(version), numbers(first)];
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

const numbers = (version: string): Numbers => version.split('.').map(Number);
