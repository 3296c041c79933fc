import { generatePlan } from '../generate/generate-plan.js';
import type { Hints } from '../plan/build-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { PRESTART_PHP } from './prestart-php.js';

type Files = Readonly<Record<string, string>>;
const planned = (files: Files, toolchain: string, more = {}) =>
  generatePlan(memoryTree(files), { toolchain, extensions: false, ...more });
const debian = (files: Files) => planned(files, 'debian').plan;

const RUST = { 'Cargo.toml': '[package]\nname = "shop"\n', 'src/main.rs': '' };
const RUBY = { Gemfile: 'gem "pg"', 'config.ru': '' };
const RAKE = { ...RUBY, '.ruby-version': '3.3.0' };
const SITE = { 'index.html': '' };
const PHP = { 'index.php': '' };

it('changes nothing for Nix, and keeps its refusals', () => {
  for (const files of [RUST, RAKE, SITE, PHP, { 'go.mod': '', 'main.go': '' }]) {
    const { explanation } = planned(files, 'nix');
    expect(explanation.decisions.filter(({ by }) => by !== undefined)).toEqual([]);
  }
  expect(() => planned(RUBY, 'nix')).toThrow(/specify ruby's version/);
  const gradle = {
    gradlew: '',
    'gradle/wrapper/gradle-wrapper.properties':
      'distributionUrl=https://example.com/gradle-9.1-bin.zip\n',
  };
  expect(() => planned(gradle, 'nix')).toThrow(/Unsupported Gradle version: 9/);
  expect(debian(gradle).phases?.['setup']?.nixPkgs).toContain('gradle');
});

it('leaves versions to who has them', () => {
  expect(debian(RUBY).start?.cmd).toContain('rackup');
  const env = ['NIXPACKS_JDK_VERSION=25'];
  expect(() => planned({ 'pom.xml': '' }, 'nix', { env })).toThrow(/Unsupported JDK version: 25/);
  expect(planned({ 'pom.xml': '' }, 'base', { env }).plan.phases?.['setup']?.nixPkgs).toContain(
    'jdk',
  );
});

it('compiles Rust for the C library that is there, beside the files of the source', () => {
  const plan = debian(RUST);
  expect(plan.phases?.['setup']?.nixPkgs).toEqual([
    'binutils',
    'gcc',
    'rust-bin.stable.latest.default',
  ]);
  expect(plan.phases?.['build']?.cmds).toEqual([
    'mkdir -p bin',
    'cargo build --release',
    'cp target/release/shop bin',
  ]);
  expect(plan.start).toEqual({ cmd: './bin/shop' });
});

it('runs Go where it was built, unless the user names an image', () => {
  const files = { 'go.mod': '', 'main.go': '' };
  expect(planned(files, 'nix').plan.start?.runImage).toBe('ubuntu:noble');
  expect(debian(files).start).toEqual({ cmd: './out' });
  const own = { ...files, 'nixpacks.toml': '[start]\nrunImage = "example.com/run"\n' };
  expect(debian(own).start?.runImage).toBe('example.com/run');
});

it('compiles no Ruby, and puts gems where no version is in the name', () => {
  const { plan, hints } = planned(RAKE, 'debian');
  expect(plan.phases?.['setup']?.cmds).toBeUndefined();
  expect(plan.phases?.['setup']?.aptPkgs).toEqual(['procps', 'libpq-dev']);
  expect(plan.variables).toMatchObject({ GEM_HOME: '/usr/local/rvm/gems/ruby' });
  expect(plan.variables).not.toHaveProperty('GEM_PATH');
  expect(plan.phases?.['install']?.paths).toEqual(['/usr/local/rvm/gems/ruby/bin']);
  expect(hints.outputs?.some((path) => '/usr/local/rvm/gems/ruby'.startsWith(path))).toBe(true);
});

it('starts static sites and PHP for any user, on a port that any user has', () => {
  const ports = ({ ports: found }: Hints) => found;
  const site = planned(SITE, 'debian');
  expect(site.plan.start?.cmd).toMatch(/^mkdir -p \/tmp\/nginx && .*\$\{PORT:-8080\}/);
  expect(ports(site.hints)).toEqual([8080]);
  const php = planned(PHP, 'debian');
  expect(php.plan.variables?.['PORT']).toBe('8080');
  expect(php.plan.start?.cmd).toMatch(
    /^php \/assets\/prestart\.php \/assets\/nginx\.template\.conf \/tmp\/nginx\.conf && /,
  );
  expect([ports(php.hints), php.hints.writable]).toEqual([[8080], undefined]);
});

it('brings Node to PHP only for a package.json', () => {
  const node = (files: Files) =>
    debian(files).phases?.['setup']?.nixPkgs?.filter((name) => /^n(?:ode|pm)/.test(name));
  expect(node(PHP)).toEqual([]);
  expect(node({ ...PHP, 'package.json': '{}' })).toEqual(['nodejs_18', 'npm-9_x']);
  expect(debian(PHP).staticAssets?.['prestart.php']).toBe(PRESTART_PHP);
});

it('takes the package manager that is there', () => {
  const files = { 'package.json': '{"packageManager":"pnpm@9.1.0"}', 'pnpm-lock.yaml': '' };
  expect(debian(files).phases?.['install']?.cmds).toEqual(['pnpm i --frozen-lockfile']);
  expect(planned(files, 'base').plan.phases?.['install']?.cmds?.[0]).toMatch(/corepack/);
});

it('says what is different and why', () => {
  const { explanation } = planned(RUST, 'debian');
  expect(explanation.decisions.find(({ by }) => by === 'adaptation without-musl')?.because).toMatch(
    /musl/,
  );
});

it('leaves the last word to the user', () => {
  const toml = { 'nixpacks.toml': '[start]\ncmd = "mine"\n' };
  for (const files of [RUST, RAKE, SITE, PHP])
    expect(debian({ ...files, ...toml }).start?.cmd).toBe('mine');
});

it('builds with Maven what Gradle could build too, where registries bring the programs', () => {
  const files = { gradlew: '', 'pom.xml': '<java.version>21</java.version>' };
  const { plan, hints } = planned(files, 'debian');
  expect(plan.phases?.['build']?.cmds).toEqual([expect.stringMatching(/^mvn /)]);
  expect(plan.start?.cmd).toContain('target/*jar');
  expect(hints.runtimes).toEqual([{ name: 'java', version: '>=21', from: 'pom.xml' }]);
  expect(planned(files, 'base').plan.phases?.['build']?.cmds?.join()).toContain('gradle');
  const own = { ...files, 'nixpacks.toml': '[phases.build]\ncmds = ["./gradlew jar"]\n' };
  expect(debian(own).phases?.['build']?.cmds).toEqual(['./gradlew jar']);
});
