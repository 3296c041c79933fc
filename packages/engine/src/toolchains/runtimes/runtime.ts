import type { Archive } from '@nx-nixpack/channels';
import type { RuntimeWish } from '@nx-nixpack/plan';
import type { Step } from '../../recipe/recipe.js';
import type { ResolvedRuntime } from '../provision.js';

/** What a runtime may ask while it is resolved. */
export interface RuntimeSources {
  /** Versions that a channel of CHANNELS has of a name, oldest first; for `debian` those of the release. */
  versions(channel: string, name: string): Promise<readonly string[]>;
  archive(channel: string, name: string, version: string): Promise<Archive>;
  /** Whether an address that the source names answers now: what the build downloads by itself is not resolved here. */
  reachable(url: string): Promise<boolean>;
  /** Codename of the Debian release that is looked at. */
  readonly release: string;
  readonly arch: 'x64' | 'arm64';
  /** Names of the other runtimes that the same image gets. */
  readonly others: readonly string[];
  /** Whether no release will be looked at that could have something newer: what a wish leaves open is met by what this one has. */
  readonly isFinal: boolean;
}

/** What a runtime takes, before Debian's packages are resolved together. */
export interface RuntimeChoice extends Omit<ResolvedRuntime, 'name' | 'wanted'> {
  /** No channel has the very version that is asked for: another patch of it stands in, and people are told. */
  readonly instead?: boolean;
  /** Debian packages of the image, and of the build alone. */
  readonly packages: { readonly run: readonly string[]; readonly build: readonly string[] };
}

/** The steps that put a runtime into the image, and those that only the build needs, after Debian's packages. */
export interface RuntimeSteps {
  readonly run: readonly Step[];
  readonly build: readonly Step[];
}

/** One language's programs, from the channel that has them. */
export interface Runtime {
  readonly name: string;
  /** For docs/toolchains/debian.md: where it comes from, how that is verified, under which license. */
  readonly channel: string;
  readonly verified: string;
  readonly license: string;
  /** What an attribute of Nix packages asks for when it means this runtime: `nodejs_22` is version 22; '' leaves it open. */
  wanted(attribute: string): string | undefined;
  /**
   * The newest that fits the wish. Undefined when this Debian release has none that fits and another may. Throws UserError
   * TOOLCHAIN_UNAVAILABLE, naming the nearest versions, when there is none anywhere.
   */
  resolve(wish: RuntimeWish, sources: RuntimeSources): Promise<RuntimeChoice | undefined>;
  /** What this release has, as the language counts versions: named when no release has what was asked for. */
  available?(sources: RuntimeSources): Promise<readonly string[]>;
  steps(resolved: ResolvedRuntime): RuntimeSteps;
}
