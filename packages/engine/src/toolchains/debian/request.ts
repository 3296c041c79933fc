import {
  DEBIAN_PACKAGE,
  list,
  optional,
  flag,
  pattern,
  struct,
  text,
  type Infer,
} from '@nx-nixpack/data';

const string = text();
const ONE = DEBIAN_PACKAGE.source.slice(1, -1);
const debianPackage = text({
  grammar: pattern(
    new RegExp(`^${ONE}(?: \\| ${ONE})*$`),
    1000,
    'Write a Debian package: NAME, NAME:ARCHITECTURE or NAME=VERSION; or several, "A | B", of which the first that there is counts.',
  ),
});

/**
 * What `toolchain: debian` has to bring for one plan, before anything of it is looked up. Pure: the same plan gives the same
 * request, whose digest says whether a lock still fits.
 */
export const provisionRequest = struct({
  /** Whether the minimal Debian that the image stands on is wanted too. A base that the user named has it. */
  base: flag,
  /** Digest of the base that the user named, or of the plan of the component that makes it: another one may have other packages. */
  on: optional(string),
  /**
   * Runtimes, each once, in the order of RUNTIMES. A version without `from` is nixpacks' own default, for which
   * the nearest will do; with it the version is what the source asks for, in its own words.
   */
  runtimes: list(
    struct({
      name: string,
      version: optional(string),
      from: optional(string),
      parts: optional(list(string)),
    }),
  ),
  /**
   * Debian packages beyond those of the runtimes: of the image, and of the build alone. Releases name some of them otherwise:
   * `libicu76 | libicu72` is the first that the release has.
   */
  packages: struct({ run: list(debianPackage), build: list(debianPackage) }),
});

export type ProvisionRequest = Infer<typeof provisionRequest>;
