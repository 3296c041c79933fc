import { TESTING } from '@nx-nixpack/channels';
import type { RuntimeWish } from '@nx-nixpack/plan';
import { isSoft } from '../versions/choose.js';
import { constraint } from '../versions/constraint.js';
import { numbersOf } from '../versions/numbers.js';
import { debianHas } from './debian-version.js';
import type { Runtime, RuntimeSources } from './runtime.js';

/** What compiles Rust: the linker, C headers, and what build scripts look for libraries with. */
const BUILD = ['rustc', 'cargo', 'gcc', 'g++', 'libc6-dev', 'pkgconf', 'make'] as const;
/** What programs of Rust link to beyond C's own library. */
const RUN = ['libgcc-s1'] as const;

/**
 * Debian's rustc and cargo. `stable` is the newest that there is: that of testing. A lower bound is met by the first release
 * that reaches it, because Rust compiles what older versions compiled.
 */
export const rust: Runtime = {
  name: 'rust',
  channel: 'debian',
  verified: "Debian's signed index",
  license: 'MIT or Apache-2.0',

  wanted(attribute) {
    if (!/^\(?rust-bin\./.test(attribute))
      return /^(?:rustc|cargo)$/.test(attribute) ? '' : undefined;
    return /stable\."([^"]+)"/.exec(attribute)?.[1] ?? 'stable';
  },

  async resolve(wish, sources) {
    const version = await debianHas(sources, 'rustc');
    if (version === undefined || !fits(version, wish, sources)) return undefined;
    // Without this, Cargo would take versions of crates that are newer than the compiler.
    const env = { CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS: 'fallback' };
    return { version, archives: [], env, packages: { run: RUN, build: BUILD } };
  },

  async available(sources) {
    const version = await debianHas(sources, 'rustc');
    return version === undefined ? [] : [version];
  },

  steps: () => ({ run: [], build: [] }),
};

/** Other languages beside it may not be had in testing, or testing itself may not, and then an older one does. */
function fits(version: string, wish: RuntimeWish, sources: RuntimeSources): boolean {
  const { version: wanted = 'stable' } = wish;
  const { release, others, isFinal } = sources;
  if (wanted === 'stable' || wanted === '')
    return isFinal || release === TESTING || others.length > 0;
  // nixpacks names the lower bound of a manifest as a version.
  const asked = isSoft(wish) ? `>=${wanted}` : wanted;
  return constraint(asked)?.(numbersOf(version) ?? []) ?? false;
}
