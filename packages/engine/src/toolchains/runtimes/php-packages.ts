import type { RuntimeSources } from './runtime.js';

/** Extensions that PHP itself, its common package or its command line bring. */
const BUILT_IN = new Set(
  (
    'calendar core ctype date exif ffi fileinfo filter ftp gettext hash iconv json libxml openssl pcntl pcre pdo phar posix ' +
    'random reflection session shmop sockets sodium spl standard sysvmsg sysvsem sysvshm tokenizer zend-opcache opcache zlib'
  ).split(' '),
);
/** Extensions that lie in another extension's package. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  dom: 'xml',
  mysqli: 'mysql',
  mysqlnd: 'mysql',
  pdo_mysql: 'mysql',
  pdo_odbc: 'odbc',
  pdo_pgsql: 'pgsql',
  pdo_sqlite: 'sqlite3',
  simplexml: 'xml',
  sqlite: 'sqlite3',
  xmlreader: 'xml',
  xmlwriter: 'xml',
  xsl: 'xml',
};
/** What nixpacks' PHP has without being asked. */
const USUAL = 'bcmath curl gd gmp intl ldap mbstring mysql pgsql readline soap sqlite3 xml zip';
const NAME = /^[a-z0-9_-]+$/;

/** What the release lacks of the extensions that a source names, and the packages of the others. */
export interface PhpPackages {
  readonly packages: readonly string[];
  readonly lacking: readonly string[];
}

/** The packages of PHP's extensions in a version: the usual ones, and those that composer.json names. */
export async function phpPackages(
  version: string,
  extensions: readonly string[],
  sources: RuntimeSources,
): Promise<PhpPackages> {
  const asked = extensions
    .map((name) => name.toLowerCase())
    .filter((name) => !BUILT_IN.has(name))
    .map((name) => ELSEWHERE[name] ?? name);
  const names = [...new Set([...USUAL.split(' '), ...asked])];
  const found = await Promise.all(
    names.map(async (name): Promise<readonly [string, boolean]> => {
      const has = async () =>
        (await sources.versions('debian', `php${version}-${name}`)).length > 0;
      return [name, NAME.test(name) && (await has())];
    }),
  );
  return {
    packages: found.flatMap(([name, there]) => (there ? [`php${version}-${name}`] : [])),
    lacking: found.flatMap(([name, there]) => (!there && asked.includes(name) ? [name] : [])),
  };
}
