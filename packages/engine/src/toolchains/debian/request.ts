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
const debianPackage = text({
  grammar: pattern(
    DEBIAN_PACKAGE,
    300,
    'Write a Debian package: NAME, NAME:ARCHITECTURE or NAME=VERSION.',
  ),
});

/**
 * What `toolchain: debian` has to bring for one plan, before anything of it is looked up. Pure: the same plan gives the same
 * request, whose digest says whether a lock still fits.
 */
export const provisionRequest = struct({
  /** The Debian release that alone will do, because a base that the user named is of it; absent: the first of RELEASES that has all. */
  release: optional(string),
  /** Whether the minimal Debian that the image stands on is wanted too. A base that the user named is taken to have it. */
  base: flag,
  /** Runtimes, each once: hints' own words where the source asks for a version. */
  runtimes: list(struct({ name: string, version: optional(string), from: optional(string) })),
  /** Debian packages beyond those of the runtimes: of the image, and of the build alone. */
  packages: struct({ run: list(debianPackage), build: list(debianPackage) }),
});

export type ProvisionRequest = Infer<typeof provisionRequest>;
