import { setting, isSwitchedOn } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { planFault, textOf } from '../../source/manifest.js';
import { OVERLAYS } from '../../plan/nixpkgs-archives.js';
import type { NixPackage } from '../../plan/phase.js';
import { WHITE } from '../../source/plain-text.js';
import type { Environment, PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { CargoToml } from './cargo-toml.js';

const WASM = 'wasm32-wasi';
const WASM_TARGET = new RegExp(`target[${WHITE}]*=[${WHITE}]*"${WASM}"`);
const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml'] as const;
const DEPENDENCY_LISTS = ['dependencies', 'dev-dependencies', 'build-dependencies'] as const;

/** How a Rust source is compiled. */
export interface RustToolchain {
  readonly package: NixPackage;
  /** What `--target` gets; undefined for the machine's own. */
  readonly target: string | undefined;
  readonly isWasm: boolean;
  readonly isMusl: boolean;
  readonly usesOpenssl: boolean;
  readonly file: string | undefined;
  readonly decision: Decision;
}

export function rustToolchain(
  source: SourceTree,
  env: Environment,
  { arch, conformance }: PlanContext,
  cargo: CargoToml | undefined,
): RustToolchain {
  const isWasm = WASM_TARGET.test(textOf(source, '.cargo/config.toml'));
  const usesOpenssl = dependsOnOpenssl(source, cargo);
  const file = TOOLCHAIN_FILES.find((each) => source.has(each));
  const isMusl = !isWasm && !isSwitchedOn(env, 'NO_MUSL') && file === undefined && !usesOpenssl;
  const target = isWasm ? WASM : isMusl ? `${arch}-unknown-linux-musl` : undefined;
  const [because, name] = rustPackage(env, file, cargo, conformance);
  const override = target === undefined ? {} : { override: ['targets', `["${target}"]`] as const };
  return {
    package: { name, overlay: OVERLAYS.rust, ...override },
    ...{ target, isWasm, isMusl, usesOpenssl, file },
    decision: { subject: 'rust version', choice: name, because },
  };
}

/** `openssl` as a dependency of its own, or anything with that text in the lock file. */
function dependsOnOpenssl(source: SourceTree, cargo: CargoToml | undefined): boolean {
  const named = DEPENDENCY_LISTS.some((key) => cargo?.[key]?.has('openssl') === true);
  return named || textOf(source, 'Cargo.lock').includes('openssl');
}

function rustPackage(
  env: Environment,
  file: string | undefined,
  cargo: CargoToml | undefined,
  conformance: boolean,
): readonly [because: string, name: string] {
  const variable = setting(env, 'RUST_VERSION');
  if (variable !== undefined) return ['NIXPACKS_RUST_VERSION', stable(`"${variable}"`)];
  if (file !== undefined) return [file, `(rust-bin.fromRustupToolchainFile ../${file})`];
  const wanted = cargo?.package?.['rust-version'];
  if (wanted?.version !== undefined)
    return ['rust-version of Cargo.toml', stable(`"${wanted.version}"`)];
  // A version that is inherited from a workspace crashes nixpacks (quirk Q16); here it counts as absent.
  if (wanted !== undefined && conformance) {
    throw planFault({
      message: 'Cargo.toml inherits rust-version from a workspace',
      hint: 'Write the version itself.',
      file: 'Cargo.toml',
    });
  }
  return ['the default', stable('latest')];
}

const stable = (version: string): string => `rust-bin.stable.${version}.default`;
