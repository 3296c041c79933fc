import type { Phase, RuntimeWish, StartPhase } from '../../plan/build-plan.js';
import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { planFault } from '../../source/manifest.js';
import { ARCHIVES, IMAGES } from '../../plan/nixpkgs-archives.js';
import { buildPhase, caches, setupPhase } from '../../plan/phase.js';
import { stemOf } from '../../source/plain-text.js';
import type { Environment, PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { readCargoToml } from './cargo-toml.js';
import type { CargoToml } from './cargo-toml.js';
import { rustWish } from './rust-wish.js';
import { rustToolchain } from './toolchain.js';
import type { RustToolchain } from './toolchain.js';
import { workspaceBinary } from './workspace-binary.js';

const CARGO_CACHES = ['/root/.cargo/git', '/root/.cargo/registry'] as const;

export interface RustPlan {
  readonly setup: Phase;
  readonly build: Phase;
  readonly start: StartPhase | undefined;
  readonly decisions: readonly Decision[];
  readonly runtimes: readonly RuntimeWish[];
}

interface Programs {
  /** The package of a workspace, which then is the only program. */
  readonly workspace: string | undefined;
  readonly names: readonly string[];
}

/** What Rust and Lunatic share. `extra` are further Nix packages. */
export function rustPlan(
  source: SourceTree,
  env: Environment,
  target: PlanContext,
  extra: readonly string[],
): RustPlan {
  const cargo = readCargoToml(source, target);
  const toolchain = rustToolchain(source, env, target, cargo);
  const programs = {
    workspace: cargo && workspaceBinary(source, env, target, cargo),
    names: cargo === undefined ? [] : programNames(source, cargo, target),
  };
  const start = cargo && startPhase(env, toolchain, programs, cargo);
  const because =
    programs.workspace === undefined ? 'the programs of the package' : 'a member of the workspace';
  return {
    setup: setup(toolchain, extra),
    build: cargo === undefined ? buildPhase([]) : build(toolchain, programs, cargo),
    start,
    runtimes: rustWish(source, env, toolchain.file, cargo),
    decisions: [toolchain.decision, { subject: 'start command', choice: start?.cmd, because }],
  };
}

function setup(toolchain: RustToolchain, extra: readonly string[]): Phase {
  const musl = toolchain.isMusl ? ['musl', 'musl.dev'] : [];
  return setupPhase(['binutils', 'gcc', toolchain.package, ...musl, ...extra], {
    ...(toolchain.usesOpenssl ? { nixLibs: ['openssl', 'openssl.dev'] } : {}),
    ...(toolchain.file === undefined ? {} : { onlyIncludeFiles: [toolchain.file] }),
    nixpkgsArchive: ARCHIVES.rust,
  });
}

/** The package itself and every file below src/bin; explicit sections count outside conformance mode (quirk Q16). */
function programNames(
  source: SourceTree,
  cargo: CargoToml,
  { conformance }: PlanContext,
): readonly string[] {
  const main = cargo.package !== undefined && source.has('src/main.rs') ? [cargo.package.name] : [];
  const sections = conformance ? [] : (cargo.bin ?? []);
  const taken = new Set(sections.map(({ path }) => path));
  const files = source.files('src/bin/*').filter((path) => !taken.has(path));
  const implicit = [...(taken.has('src/main.rs') ? [] : main), ...files.map(stemOf)];
  // What needs a feature is not there without it.
  const explicit = sections
    .filter((section) => (section['required-features'] ?? []).length === 0)
    .flatMap(({ name }) => name ?? []);
  return [...implicit, ...explicit.filter((name) => !implicit.includes(name))];
}

function build(
  { target, isWasm }: RustToolchain,
  { workspace, names }: Programs,
  cargo: CargoToml,
): Phase {
  const inPackage = workspace === undefined ? '' : ` --package ${workspace}`;
  const forTarget = target === undefined ? '' : ` --target ${target}`;
  const output = target === undefined ? 'target/release' : `target/${target}/release`;
  const copies = (workspace === undefined ? names : [workspace]).map(
    (name) => `cp ${output}/${name}${isWasm ? '.wasm' : ''} bin`,
  );
  const compile =
    copies.length === 0 ? [] : [`cargo build --release${inPackage}${forTarget}`, ...copies];
  return buildPhase(['mkdir -p bin', ...compile], {
    dependsOn: ['setup'],
    cacheDirectories: caches(...CARGO_CACHES, ...(cargo.package === undefined ? [] : ['target'])),
  });
}

/** With a target of its own the program runs without the build image. */
function startPhase(
  env: Environment,
  { target, isWasm }: RustToolchain,
  programs: Programs,
  cargo: CargoToml,
): StartPhase | undefined {
  const name = programs.workspace ?? chosenProgram(env, programs.names, cargo);
  if (name === undefined) return undefined;
  const cmd = `./bin/${name}${isWasm && programs.workspace === undefined ? '.wasm' : ''}`;
  return target === undefined
    ? { cmd }
    : { cmd, runImage: IMAGES.slimRun, onlyIncludeFiles: [cmd] };
}

function chosenProgram(
  env: Environment,
  names: readonly string[],
  cargo: CargoToml,
): string | undefined {
  if (names.length <= 1) return names[0];
  const wanted = setting(env, 'RUST_BIN');
  if (wanted === undefined) return cargo.package?.['default-run'];
  if (names.includes(wanted)) return wanted;
  throw planFault({
    message: `Could not find binary named ${wanted}`,
    hint: `Name one of ${names.join(', ')} in NIXPACKS_RUST_BIN.`,
    file: 'Cargo.toml',
  });
}
