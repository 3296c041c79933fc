import { archive } from '@nx-nixpack/channels';
import { list, mapOf, optional, pattern, struct, text, type Infer } from '@nx-nixpack/data';

const string = text();
const archives = list(archive);

/** Of a runtime: steps have it in paths and commands, and records and lock files can be written by anybody. */
export const runtimeVersion = text({
  grammar: pattern(/^[A-Za-z0-9][A-Za-z0-9.+:~_-]*$/, 100, 'Write a version: 22.1.0.'),
});
/** Codename of a Debian release. */
export const releaseName = text({
  grammar: pattern(/^[a-z][a-z0-9-]*$/, 40, 'Write the codename of a Debian release: trixie.'),
});

const resolvedRuntime = struct({
  /** Of RUNTIMES. */
  name: string,
  version: runtimeVersion,
  /** What was asked for, and by whom, for people: `22 (engines.node of package.json)`; '' when any version will do. */
  wanted: string,
  /** What its channel ships, besides Debian's packages. */
  archives,
  /** Variables that its programs need, in the build and in the image. */
  env: mapOf(string, string),
});

/**
 * Everything that `toolchain: debian` brings, resolved: what a plan needs is looked up once, before anything is built, and
 * nothing is asked again. Debian's packages are in the order in which dpkg installs them.
 */
export const provision = struct({
  /** Codename of the Debian release: `trixie`. */
  release: releaseName,
  /** The minimal Debian that the image stands on; absent when the user named a base. */
  base: optional(archives),
  /** Packages of the image, beyond the base. */
  run: archives,
  /** Packages that only the build needs, beyond those of the image. */
  build: archives,
  runtimes: list(resolvedRuntime),
});

export type Provision = Infer<typeof provision>;
export type ResolvedRuntime = Infer<typeof resolvedRuntime>;
