import { AskedPrograms, expectedOf, wishesOf, type Asking } from './asked-programs.contract.js';

const programs = new AskedPrograms();
afterAll(() => programs.remove());

const manifest = (fields: object) => ({ 'package.json': JSON.stringify(fields), 'index.js': '' });
const NODE = 'node --version';

const NEWEST_DEBIAN: readonly Asking[] = [
  {
    files: { 'main.py': '', '.python-version': '3.13\n' },
    answers: { python: ['python --version', /^Python 3\.13\./] },
  },
  {
    files: {
      'pom.xml': '<maven.compiler.release>21</maven.compiler.release>',
      '.mvn/wrapper/maven-wrapper.properties':
        'distributionUrl=https://example.com/apache-maven/3.9.6/apache-maven-3.9.6-bin.zip\n',
    },
    answers: {
      java: ['java -version', /^openjdk version "21\./],
      maven: ['mvn --batch-mode --version', /Apache Maven 3\.9\.6 /],
    },
  },
  {
    files: { 'build.sbt': '', 'project/build.properties': 'sbt.version = 1.9.7\n' },
    answers: {
      scala: [
        'unzip -p /opt/sbt/sbt-launch.jar META-INF/MANIFEST.MF | grep -o "1[.]9[.]7"',
        /^1\.9\.7$/,
      ],
    },
  },
  {
    files: { Gemfile: 'ruby "~> 3.3.0"\n' },
    answers: { ruby: ['ruby --version', /^ruby 3\.3\./] },
  },
  {
    files: { 'composer.json': '{"require":{"php":"8.4.*"}}', 'index.php': '' },
    answers: { php: ['php --version', /^PHP 8\.4\./] },
  },
  { files: { 'index.cbl': '' }, answers: { cobol: ['cobc --version', /^cobc \(GnuCOBOL\) 3\./] } },
  { files: { 'index.html': '' }, answers: { nginx: ['nginx -v', /^nginx version: nginx\/1\./] } },
];

const OLDER_DEBIAN: readonly Asking[] = [
  {
    files: {
      ...manifest({ packageManager: 'yarn@1.22.19' }),
      '.nvmrc': 'lts/hydrogen\n',
      'yarn.lock': '# yarn lockfile v1\n',
    },
    answers: { node: [NODE, /^v18\./], yarn: ['yarn --version', /^1\.22\.19$/] },
  },
  {
    files: { 'main.py': '', 'runtime.txt': 'python-3.11.4\n' },
    answers: { python: ['python --version', /^Python 3\.11\./] },
  },
  {
    files: { 'pom.xml': '', '.java-version': '17\n' },
    answers: { java: ['java -version', /^openjdk version "17\./] },
  },
  {
    files: { Gemfile: 'ruby "~> 3.1.0"\n' },
    answers: { ruby: ['ruby --version', /^ruby 3\.1\./] },
  },
  {
    files: { 'composer.json': '{"require":{"php":"8.2.*"}}', 'index.php': '' },
    answers: { php: ['php --version', /^PHP 8\.2\./] },
  },
];

it.each([
  ['trixie', NEWEST_DEBIAN],
  ['bookworm', OLDER_DEBIAN],
])('programs of %s are those that the files ask for', async (release, projects) => {
  expect(projects.flatMap(wishesOf)).toHaveLength(Object.keys(expectedOf(projects)).length);
  expect(await programs.answers(projects)).toEqual({ release, lines: expectedOf(projects) });
});

/** Compilers of hundreds of megabytes: each is an image of its own. */
const COMPILERS: Readonly<Record<string, Asking>> = {
  rust: {
    files: { 'Cargo.toml': '[package]\nname = "a"\nrust-version = "1.75"', 'src/main.rs': '' },
    answers: { rust: ['rustc --version', /^rustc 1\.(7[5-9]|[89]\d|\d{3})\./] },
  },
  crystal: {
    files: { 'shard.yml': 'name: a\ncrystal: 1.14.0\ntargets: { a: { main: a.cr } }' },
    answers: { crystal: ['crystal --version', /^Crystal 1\.1[4-9]\./] },
  },
  elixir: {
    files: { 'mix.exs': 'def project do [app: :a, elixir: "~> 1.18"] end' },
    answers: { elixir: ['elixir --short-version', /^1\.(1[89]|[2-9]\d)\./] },
  },
  haskell: {
    files: {
      'package.yaml': 'executables: { a: {} }',
      'app/Main.hs': '',
      'stack.yaml': 'resolver: ghc-9.6.6\n',
    },
    answers: { haskell: ['ghc --numeric-version', /^9\.6\.6$/] },
  },
  swift: {
    files: { 'Package.swift': '// swift-tools-version:5.9', 'Sources/a/main.swift': '' },
    answers: { swift: ['swift --version', /Swift version ([6-9]|5\.9|5\.\d\d)/] },
  },
};

it.each(Object.entries(COMPILERS))('%s is what the files ask for', async (_name, project) => {
  const { lines } = await programs.answers([project]);
  expect(lines).toEqual(expectedOf([project]));
});
