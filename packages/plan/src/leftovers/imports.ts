import type { NodeProject } from '../languages/node/project.js';
import { readIfText } from '../source/search.js';

/** A program has more files than this seldom; those beyond are not looked into. */
const MOST_FILES = 400;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.jsx'] as const;
const INDEX = ['/index.js', '/index.ts', '/index.mjs', '/index.cjs'] as const;
const CONFIGS = ['js', 'mjs', 'cjs', 'ts', 'mts'] as const;
const TYPES = /^\s*(?:import|export) type [^;]*?from\s*['"][^'"]+['"]/gm;
const IMPORT = /(?:\brequire\(\s*|\bimport\(\s*|\bfrom\s*|^\s*import\s*)['"]([^'"]+)['"]/gm;

/** Packages that the files among these words import, through files of the source; and those that a program's settings import. */
export function importsOf(project: NodeProject, words: readonly string[]): readonly string[] {
  const { source } = project;
  const started = words.flatMap((word) => fileOf(project, word.replace(/^\.\//, '')) ?? []);
  const settings = words.flatMap((word) =>
    CONFIGS.map((ending) => `${packageOf(word)}.config.${ending}`).filter((path) =>
      source.has(path),
    ),
  );
  // A program that reads settings in TypeScript may ask for the compiler.
  const compiler = settings.some((path) => /\.m?ts$/.test(path)) ? ['typescript'] : [];
  return [...compiler, ...followed(project, [...started, ...settings])];
}

function followed(project: NodeProject, files: readonly string[]): readonly string[] {
  const seen = new Set(files);
  const packages = new Set<string>();
  for (const file of seen) {
    if (seen.size > MOST_FILES) break;
    for (const name of namesIn(readIfText(project.source, file) ?? '')) {
      if (!name.startsWith('.')) packages.add(packageOf(name));
      else [fileOf(project, joined(file, name)) ?? []].flat().forEach((path) => seen.add(path));
    }
  }
  return [...packages];
}

const namesIn = (text: string): readonly string[] =>
  [...text.replace(TYPES, '').matchAll(IMPORT)].map(([, name = '']) => name);

/** The program's file; `a.js` may be written as `a.ts`. */
function fileOf({ source }: NodeProject, path: string): string | undefined {
  const typed = path.replace(/\.([cm]?)js$/, '.$1ts');
  const candidates = [
    ...ENDINGS.map((ending) => path + ending),
    typed,
    ...INDEX.map((end) => path + end),
  ];
  return candidates.find(
    (each) => /\.[cm]?[jt]sx?$/.test(each) && source.has(each) && !source.isDirectory(each),
  );
}

/** `name` as seen from a file, without dots. */
function joined(file: string, name: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** `ts-node` of `ts-node/register`, `@swc/register` of itself. */
export const packageOf = (word: string): string =>
  word
    .split('/')
    .slice(0, word.startsWith('@') ? 2 : 1)
    .join('/');
