import { memoryTree } from '../../source/memory-tree.contract.js';
import { generatePlan } from '../../generate/generate-plan.js';
import { readCargoToml } from './cargo-toml.js';

const read = (text: string, conformance = true) =>
  readCargoToml(memoryTree({ 'Cargo.toml': text }), { conformance });
const inPackage = (line: string): string => `[package]\nname = "a"\n${line}`;

/** Recorded from cargo_toml 0.20.4 with toml 0.5.10, which nixpacks 1.41.0 reads with; 1 = accepted. */
const RECORDED: readonly (readonly [text: string, accepted: 0 | 1])[] = [
  [inPackage('rust-version = 1.7'), 0],
  [inPackage('rust-version.workspace = true'), 1],
  [inPackage('rust-version.workspace = 1'), 0],
  [inPackage('publish = 1'), 0],
  [inPackage('publish = "x"'), 0],
  [inPackage('publish = ["x"]'), 1],
  [inPackage('publish = false'), 1],
  [inPackage('build = ["a"]'), 0],
  [inPackage('build = false'), 1],
  [inPackage('readme = 1'), 0],
  [inPackage('readme = true'), 1],
  [inPackage('readme.workspace = true'), 1],
  [inPackage('autotests = 1'), 0],
  [inPackage('autoexamples = "yes"'), 0],
  [inPackage('autobenches = false'), 1],
  [inPackage('workspace = 1'), 0],
  [inPackage('workspace = ".."'), 1],
  [inPackage('resolver = "3"'), 0],
  [inPackage('edition = "2027"'), 0],
  [inPackage('metadata = 1'), 1],
  ['[package]\nversion = "1"', 0],
  ['[workspace.package]\nreadme = 1', 0],
  ['[workspace.package]\npublish = ["x"]', 1],
  ['[workspace.package]\nrust-version = 1.7', 0],
  ['[workspace.lints.rust]\nx = "warn"', 1],
  ['[workspace.lints]\nworkspace = true', 0],
  ['[lints]\nworkspace = true', 1],
  ['[lints]\nworkspace = 1', 0],
  ['[lints.rust]\nx = "loud"', 0],
  ['[lints.rust]\nx = {level = "warn", priority = -1}', 1],
  ['[lints.rust]\nx = {level = "warn", priority = "high"}', 0],
  ['[lints.rust]\nx = {priority = 1}', 0],
  ['[[test]]\nname = "x"\nharness = 1', 0],
  ['[[test]]\nname = "x"\nharness = false', 1],
  ['[[bench]]\nname = 1', 0],
  ['[[example]]\ncrate-type = "lib"', 0],
  ['[lib]\nproc_macro = true', 1],
  ['[lib]\nproc_macro = true\nproc-macro = true', 0],
  ['[lib]\ncrate-type = ["cdylib"]', 1],
  ['[dependencies]\na = 1', 0],
  ['[dependencies]\na = {version = 1}', 0],
  ['[dependencies]\na = {version = 1, workspace = true}', 1],
  ['[dependencies]\na = {version = "1", optional = 1}', 0],
  ['[dependencies]\na = {workspace = true, optional = 1}', 0],
  ['[dependencies]\na = {version = "1", features = "x"}', 0],
  ['[dependencies]\na = {version = "1", default-features = 0}', 0],
  ['[dependencies]\na = {version = "1", default_features = 0}', 1],
  ['[patch.crates-io]\na = 1', 0],
  ['[replace]\na = 1', 0],
  ['[target.x.dependencies]\na = 1', 0],
  ['[target.x]\ndev_dependencies = 1', 1],
  ['[features]\na = "x"', 0],
  ['[profile.release]\nlto = "thin"', 1],
  ['[profile.release]\nlto = 1', 0],
  ['[profile.release]\nlto = "yes"', 1],
  ['[profile.release]\ndebug = 3', 0],
  ['[profile.release]\ndebug = "line-tables-only"', 1],
  ['[profile.custom]\nstrip = "all"', 0],
  ['[profile.custom]\ncodegen-units = 70000', 0],
  ['[profile.custom]\nopt-level = ["z"]', 1],
  ['[badges]\nmaintenance = 1', 1],
];

it.each(RECORDED)('reads as nixpacks does: %j', (text, accepted) => {
  const attempt = (): unknown => read(text);
  if (accepted) expect(attempt()).toBeDefined();
  else expect(attempt).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }));
});

describe('old spellings are ignored', () => {
  it('[project] is not a package', () => {
    expect(read('[project]\nname = "a"')?.package).toBeUndefined();
    expect(read('[project]\nname = 1\n[package]\nname = "b"')?.package?.name).toBe('b');
  });

  it('dev_dependencies and build_dependencies name no openssl', () => {
    const setup = (list: string) =>
      generatePlan(
        memoryTree({
          'Cargo.toml': `[package]\nname = "a"\n[${list}]\nopenssl = "1"`,
          'src/main.rs': '',
        }),
      ).plan.phases?.['setup'];
    for (const list of ['dev_dependencies', 'build_dependencies'])
      expect(setup(list)?.nixLibs).toBeUndefined();
    for (const list of ['dev-dependencies', 'build-dependencies'])
      expect(setup(list)?.nixLibs).toEqual(['openssl', 'openssl.dev']);
  });

  it('default_members, rust_version and default_run say nothing', () => {
    const cargo = read(
      '[workspace]\ndefault_members = 1\n[package]\nname = "a"\nrust_version = 1\ndefault_run = 1',
    );
    expect(cargo?.workspace?.['default-members']).toBeUndefined();
    expect(cargo?.package?.['rust-version']).toBeUndefined();
    expect(cargo?.package?.['default-run']).toBeUndefined();
  });
});

it('knows the resolver of newer Cargos outside conformance mode', () => {
  const text = inPackage('resolver = "3"');
  expect(() => read(text)).toThrow();
  expect(read(text, false)?.package?.name).toBe('a');
});
