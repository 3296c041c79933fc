import { debianHas, isAskedFor } from './debian-version.js';
import type { Runtime, RuntimeSources } from './runtime.js';

/** Versions that Debian's releases may have as rubyNUMBER, newest first. */
const KNOWN = ['4.1', '4.0', '3.5', '3.4', '3.3', '3.1', '2.7'] as const;
/** What gems with parts in C are compiled with. */
const BUILD = ['gcc', 'g++', 'make', 'patch', 'pkgconf | pkg-config', 'git'] as const;
const HEADERS = ['libc6-dev', 'libffi-dev', 'libssl-dev', 'libyaml-dev', 'zlib1g-dev'] as const;
/** Libraries that a gem needs in the image, by the text in a Gemfile that asks for their headers. */
const LIBRARIES: Readonly<Record<string, string>> = {
  pg: 'libpq5',
  mysql: 'libmariadb3',
  sqlite3: 'libsqlite3-0',
  vips: 'libvips42t64 | libvips42',
  magick: 'libmagickwand-7.q16-10 | libmagickwand-6.q16-6',
  charlock_holmes: 'libicu78 | libicu76 | libicu72 | libicu67',
};

/** Debian's Ruby and Bundler. Debian has one patch of each minor version; what insists on another is refused. */
export const ruby: Runtime = {
  name: 'ruby',
  channel: 'debian',
  verified: "Debian's signed index",
  license: 'BSD-2-Clause or Ruby',

  wanted: (attribute) => /^ruby(?:_([0-9]+)_([0-9]+))?$/.exec(attribute)?.slice(1).join('.'),

  async resolve(wish, sources) {
    const [minor, version] = (await rubies(sources)) ?? [];
    const bundler = await debianHas(sources, 'ruby-bundler');
    if (minor === undefined || version === undefined || bundler === undefined) return undefined;
    if (!isAskedFor(version, wish)) return undefined;
    const libraries = (wish.parts ?? []).flatMap((part) => LIBRARIES[part] ?? []);
    return {
      version,
      archives: [],
      // Otherwise Bundler would replace itself by the version that wrote the lock file.
      env: { BUNDLER_VERSION: bundler },
      packages: {
        run: ['ruby', `ruby${minor}`, 'ruby-bundler', ...libraries],
        build: [`ruby${minor}-dev`, ...BUILD, ...HEADERS],
      },
    };
  },

  async available(sources) {
    const [, version] = (await rubies(sources)) ?? [];
    return version === undefined ? [] : [version];
  },

  steps: () => ({ run: [], build: [] }),
};

/** The release's Ruby: its minor version, and the whole. */
async function rubies(sources: RuntimeSources): Promise<readonly [string, string] | undefined> {
  for (const minor of KNOWN) {
    const version = await debianHas(sources, `ruby${minor}`);
    if (version !== undefined) return [minor, version];
  }
  return undefined;
}
