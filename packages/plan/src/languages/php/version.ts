import { dictionary, parseJson, text } from '@nx-nixpack/data';

import type { RuntimeWish } from '../../plan/build-plan.js';
import type { Decision } from '../../plan/explanation.js';
import { facts, tryManifest } from '../../source/manifest.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import type { SourceTree } from '../../source/source-tree.js';

/** Packages by version, in the order in which a constraint is searched. Origin: nixpacks 1.41.0 (2025). */
export const PHP_VERSIONS = {
  '8.0': { package: 'php80', archive: ARCHIVES.default },
  '8.1': { package: 'php81', archive: ARCHIVES.php },
  '8.2': { package: 'php', archive: ARCHIVES.php },
  '8.3': { package: 'php83', archive: ARCHIVES.php },
  '8.4': { package: 'php84', archive: ARCHIVES.php },
  '7.4': { package: 'php74', archive: ARCHIVES.default },
} as const;
export type PhpVersion = keyof typeof PHP_VERSIONS;
export const DEFAULT_PHP: PhpVersion = '8.3';

const composerJson = facts({ require: dictionary(text()) });

/** `require` of composer.json; undefined when the file is absent or cannot be read. */
export const phpRequirements = (source: SourceTree): ReadonlyMap<string, string> | undefined =>
  tryManifest(source, 'composer.json', parseJson, composerJson)?.require;

/** The first version whose number is contained in the constraint. */
export function phpVersion(requirements: ReadonlyMap<string, string> | undefined): {
  readonly version: PhpVersion;
  readonly decision: Decision;
} {
  const constraint = requirements?.get('php');
  const versions = Object.keys(PHP_VERSIONS) as PhpVersion[];
  const found = versions.find((version) => constraint?.includes(version));
  const because =
    constraint === undefined ? 'the default' : `require.php of composer.json: ${constraint}`;
  const warning =
    found === undefined
      ? { warning: `no version that is known is named, ${DEFAULT_PHP} is used` }
      : {};
  const version = found ?? DEFAULT_PHP;
  return {
    version,
    decision: {
      subject: 'php version',
      choice: PHP_VERSIONS[version].package,
      because,
      ...warning,
    },
  };
}

/** What composer.json asks for: a constraint in Composer's words, and extensions. */
export function phpWish(requirements: ReadonlyMap<string, string> | undefined): RuntimeWish {
  const version = requirements?.get('php');
  const parts = [...(requirements?.keys() ?? [])]
    .filter((name) => name.startsWith('ext-'))
    .map((name) => name.slice('ext-'.length))
    .sort();
  return {
    name: 'php',
    ...(version === undefined ? {} : { version, from: 'require.php of composer.json' }),
    ...(parts.length > 0 ? { parts } : {}),
  };
}

/** Extensions that composer.json asks for, sorted; some have been part of PHP itself since 8.0. */
export function phpExtensions(
  requirements: ReadonlyMap<string, string> | undefined,
  version: PhpVersion,
): readonly string[] {
  const builtIn = version === '7.4' ? [] : ['json', 'zend-opcache'];
  return [...(requirements?.keys() ?? [])]
    .filter((name) => name.startsWith('ext-'))
    .map((name) => name.slice('ext-'.length))
    .filter((name) => !builtIn.includes(name))
    .sort();
}
