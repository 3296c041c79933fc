/** A program that plans run and bases bring. */
export interface KnownProgram {
  /** The runtime of hints whose version it has. */
  readonly runtime?: string;
  /** Debian packages whose version is its own, as expressions over whole names. */
  readonly packages: RegExp;
}

/** What a program is run by: its version counts too, where it is there. */
export const RUN_BY: Readonly<Record<string, string>> = {
  ...{ bundle: 'ruby', composer: 'php', corepack: 'node', gradle: 'java', mvn: 'java' },
  ...{ npm: 'node', npx: 'node', pip: 'python3', pnpm: 'node', yarn: 'node' },
};

const of = (packages: RegExp, runtime?: string): KnownProgram => ({
  packages,
  ...(runtime === undefined ? {} : { runtime }),
});

/** What is looked for in a base. A program that is not named here may come from anywhere, and is never missed. */
export const KNOWN_PROGRAMS: Readonly<Record<string, KnownProgram>> = {
  bun: of(/^bun$/, 'bun'),
  bundle: of(/^ruby-bundler$/),
  caddy: of(/^caddy$/),
  cargo: of(/^cargo$/, 'rust'),
  clojure: of(/^clojure$/),
  cobc: of(/^gnucobol\d?$/),
  composer: of(/^composer$/),
  corepack: of(/^corepack$/),
  crystal: of(/^crystal$/, 'crystal'),
  dart: of(/^dart$/, 'dart'),
  deno: of(/^deno$/, 'deno'),
  dotnet: of(/^dotnet-sdk-[\d.]+$/, 'dotnet'),
  elixir: of(/^elixir$/, 'elixir'),
  gleam: of(/^gleam$/, 'gleam'),
  go: of(/^golang-[\d.]+-go$/, 'go'),
  gradle: of(/^gradle$/, 'gradle'),
  java: of(/^openjdk-\d+-jre-headless$/, 'java'),
  lein: of(/^leiningen$/),
  mix: of(/^elixir$/, 'elixir'),
  mvn: of(/^maven$/, 'maven'),
  nginx: of(/^nginx$/),
  node: of(/^nodejs$/, 'node'),
  npm: of(/^npm$/),
  npx: of(/^npm$/),
  php: of(/^php[\d.]+-cli$/, 'php'),
  'php-fpm': of(/^php[\d.]+-fpm$/),
  pip: of(/^python3-pip$/),
  pnpm: of(/^pnpm$/, 'pnpm'),
  python: of(/^python3$/, 'python'),
  python3: of(/^python3$/, 'python'),
  ruby: of(/^ruby[\d.]+$/, 'ruby'),
  sbt: of(/^sbt$/),
  stack: of(/^haskell-stack$/),
  swift: of(/^swiftlang$/, 'swift'),
  yarn: of(/^yarnpkg$/, 'yarn'),
  zig: of(/^zig$/, 'zig'),
};
