import { optional, parseToml, text } from '@nx-nixpack/data';
import type { RuntimeWish } from '../../plan/build-plan.js';
import { facts, textOf, tryManifest } from '../../source/manifest.js';
import { trimmed } from '../../source/plain-text.js';
import type { SourceTree } from '../../source/source-tree.js';
import { setting } from '../environment.js';
import type { Environment } from '../provider.js';
import type { CargoToml } from './cargo-toml.js';

const toolchainFile = facts({ toolchain: optional(facts({ channel: optional(text()) })) });

/** Which Rust the source asks for. Cargo's rust-version is a lower bound, the channel of a toolchain file is exact. */
export function rustWish(
  source: SourceTree,
  env: Environment,
  file: string | undefined,
  cargo: CargoToml | undefined,
): readonly RuntimeWish[] {
  const variable = setting(env, 'RUST_VERSION');
  if (variable !== undefined) return wish(variable, 'NIXPACKS_RUST_VERSION');
  const channel = file === undefined ? undefined : channelOf(source, file);
  if (file !== undefined && channel !== undefined) return wish(channel, file);
  const least =
    cargo?.package?.['rust-version']?.version ?? cargo?.workspace?.package?.['rust-version'];
  return typeof least === 'string' ? wish(`>=${least}`, 'rust-version of Cargo.toml') : [];
}

const wish = (version: string, from: string): readonly RuntimeWish[] => [
  { name: 'rust', version, from },
];

/** A toolchain file holds TOML, or in the old way nothing but the channel. */
function channelOf(source: SourceTree, file: string): string | undefined {
  const line = trimmed(textOf(source, file));
  if (/^[a-z0-9][\w.-]*$/.test(line)) return line;
  return tryManifest(source, file, parseToml, toolchainFile)?.toolchain?.channel;
}
