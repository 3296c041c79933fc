import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';

type Files = Readonly<Record<string, string>>;

/** What the source asks for, as `name version (from)`. */
function wishes(files: Files, env: Files = {}): readonly string[] {
  const { hints } = generatePlan(memoryTree(files), {
    env: Object.entries(env).map((pair) => pair.join('=')),
  });
  return (hints.runtimes ?? []).map(({ name, version = '', from = '', parts = [] }) =>
    [name, version, from && `(${from})`, ...parts].filter(Boolean).join(' '),
  );
}

const main = { 'src/main.rs': '' };
const cargo = (lines = '') => ({ ...main, 'Cargo.toml': `[package]\nname = "a"\n${lines}` });
const gradle = (text: string) => ({ gradlew: '', 'build.gradle': text });
const mix = (line = '') => ({ 'mix.exs': `def project do [app: :a, ${line}] end` });
const stack = (name: string) => ({
  'package.yaml': 'executables: { a: {} }',
  'app/Main.hs': '',
  'stack.yaml': `resolver: ${name}\n`,
});
const ruby = (gemfile: string, more: Files = {}) => ({ Gemfile: `${gemfile}\n`, ...more });
const WRAPPER = 'gradle/wrapper/gradle-wrapper.properties';

it.each<readonly [string, Files, readonly string[]]>([
  ['rust: nothing', cargo(), []],
  ['rust-version', cargo('rust-version = "1.70"'), ['rust >=1.70 (rust-version of Cargo.toml)']],
  [
    'rust-version of a workspace',
    { ...cargo(), 'Cargo.toml': '[workspace.package]\nrust-version = "1.80"' },
    ['rust >=1.80 (rust-version of Cargo.toml)'],
  ],
  [
    'rust-toolchain',
    { ...cargo(), 'rust-toolchain': '1.79.0\n' },
    ['rust 1.79.0 (rust-toolchain)'],
  ],
  [
    'rust-toolchain.toml',
    { ...cargo(), 'rust-toolchain.toml': '[toolchain]\nchannel = "stable"' },
    ['rust stable (rust-toolchain.toml)'],
  ],
  [
    'a pom',
    { 'pom.xml': '<!-- <java.version>8</java.version> --><java.version>17</java.version>' },
    ['java >=17 (pom.xml)'],
  ],
  [
    'the release of a pom before its source',
    { 'pom.xml': '<source>8</source><maven.compiler.release>21</maven.compiler.release>' },
    ['java >=21 (pom.xml)'],
  ],
  [
    '.java-version',
    { 'pom.xml': '', '.java-version': '21.0.2\n' },
    ['java 21.0.2 (.java-version)'],
  ],
  [
    'system.properties',
    { 'pom.xml': '', 'system.properties': 'java.runtime.version=11\n' },
    ['java 11 (system.properties)'],
  ],
  [
    'the wrapper of Maven',
    {
      'pom.xml': '',
      '.mvn/wrapper/maven-wrapper.properties':
        'distributionUrl=https://example.com/apache-maven/3.9.6/apache-maven-3.9.6-bin.zip\n',
    },
    ['maven 3.9.6 (.mvn/wrapper/maven-wrapper.properties)'],
  ],
  [
    'a toolchain of Gradle',
    gradle('sourceCompatibility = 8\nlanguageVersion = JavaLanguageVersion.of(21)'),
    ['java 21 (build.gradle)'],
  ],
  ['what Gradle compiles for', gradle("sourceCompatibility = '11'"), ['java >=11 (build.gradle)']],
  ['a constant of Gradle', gradle('JavaVersion.VERSION_1_8'), ['java >=1.8 (build.gradle)']],
  [
    'the wrapper of Gradle',
    { ...gradle(''), [WRAPPER]: 'distributionUrl=https\\://example.com/gradle-6.9-bin.zip' },
    ['java 11 (Gradle 6)', `gradle https://example.com/gradle-6.9-bin.zip (${WRAPPER})`],
  ],
  [
    'sbt',
    { 'build.sbt': '', 'project/build.properties': 'sbt.version = 1.9.7\n' },
    ['scala 1.9.7 (project/build.properties)'],
  ],
  [
    'Clojure',
    { 'project.clj': '(defproject a :min-lein-version "2.9.0")', '.jdk-version': '11' },
    ['java 11 (.jdk-version)', 'leiningen >=2.9.0 (:min-lein-version of project.clj)'],
  ],
  ['a Gemfile', ruby('ruby "~> 3.3", ">= 3.3.1"'), ['ruby ~> 3.3, >= 3.3.1 (Gemfile)']],
  [
    'a Gemfile that reads a file',
    ruby('ruby file: ".ruby-version"', { '.ruby-version': 'ruby-3.3.5\n' }),
    ['ruby 3.3.5 (Gemfile)'],
  ],
  [
    '.ruby-version, whose patch does not matter',
    ruby('gem "pg"', { '.ruby-version': '3.3.5\n' }),
    ['ruby 3.3 (.ruby-version) pg'],
  ],
  ['PHP', { 'index.php': '' }, ['php']],
  [
    'composer.json',
    { 'composer.json': '{"require":{"php":"^8.1","ext-redis":"*","ext-curl":"*"}}' },
    ['php ^8.1 (require.php of composer.json) curl redis'],
  ],
  [
    'mix.exs',
    mix('elixir: "~> 1.14 or ~> 1.15"'),
    ['elixir ~> 1.14 or ~> 1.15 ("elixir:" of mix.exs)'],
  ],
  [
    '.elixir-version',
    { ...mix(), '.elixir-version': '1.17.2-otp-27\n' },
    ['elixir 1.17 (.elixir-version)'],
  ],
  ['a snapshot of Stackage', stack('lts-22.13'), ['haskell 9.6 (lts-22.13 of stack.yaml)']],
  ['a compiler of Haskell', stack('ghc-9.6.6'), ['haskell 9.6.6 (ghc-9.6.6 of stack.yaml)']],
  [
    'shard.yml',
    { 'shard.yml': 'name: a\ncrystal: ">= 1.6, < 2.0"\ntargets: { a: { main: a.cr } }' },
    ['crystal >= 1.6, < 2.0 (crystal of shard.yml)'],
  ],
  [
    'a plain version in shard.yml',
    { 'shard.yml': 'name: a\ncrystal: 1.6.2\ntargets: { a: { main: a.cr } }' },
    ['crystal ^1.6.2 (crystal of shard.yml)'],
  ],
  [
    'Package.swift',
    { 'Package.swift': '// swift-tools-version:5.9', 'Sources/a/main.swift': '' },
    ['swift >=5.9 (Package.swift)'],
  ],
])('%s', (_what, files, expected) => {
  expect(wishes(files)).toEqual(expected);
});

it.each<readonly [string, Files, string]>([
  ['NIXPACKS_RUST_VERSION', { ...cargo(), 'rust-toolchain': '1.70' }, 'rust 1.79.0'],
  ['NIXPACKS_JDK_VERSION', { 'pom.xml': '<java.version>17</java.version>' }, 'java 21'],
])('%s wins over the files', (name, files, expected) => {
  const [runtime = '', version = ''] = expected.split(' ');
  expect(wishes(files, { [name]: version })).toEqual([`${runtime} ${version} (${name})`]);
});
