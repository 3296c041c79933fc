import type { RuntimeWish } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { usesGem } from './setup.js';
import type { RubyVersion } from './version.js';

const FROM_FILE = /^\s*ruby\s+file:\s*['"]([^'"]+)['"]/m;
const VERSIONS = /^\s*ruby\s*\(?\s*((?:['"][^'"]*['"]\s*,?\s*)+)/m;
/** Texts in a Gemfile that mean a library outside Ruby. */
const LIBRARIES = ['pg', 'mysql', 'sqlite3', 'vips', 'magick', 'charlock_holmes'] as const;

/**
 * Which Ruby the source asks for. Bundler insists on what a Gemfile says; any other file names a version whose patch does not
 * matter, so that its minor version is what is asked for.
 */
export function rubyWish(source: SourceTree, { number, decision }: RubyVersion): RuntimeWish {
  const parts = LIBRARIES.filter((name) => usesGem(source, name));
  const named = { name: 'ruby', ...(parts.length > 0 ? { parts } : {}) };
  const insisted = ofGemfile(source);
  if (insisted !== undefined) return { ...named, version: insisted, from: 'Gemfile' };
  const minor = /^[0-9]+\.[0-9]+/.exec(number)?.[0] ?? number;
  return { ...named, version: minor, from: decision.because };
}

function ofGemfile(source: SourceTree): string | undefined {
  const gemfile = textOf(source, 'Gemfile');
  const file = FROM_FILE.exec(gemfile)?.[1];
  if (file !== undefined) return /[0-9]+(?:\.[0-9]+)*/.exec(textOf(source, file))?.[0];
  const found = VERSIONS.exec(gemfile)?.[1];
  return found === undefined
    ? undefined
    : [...found.matchAll(/['"]([^'"]*)['"]/g)].map(([, each]) => each).join(', ');
}
