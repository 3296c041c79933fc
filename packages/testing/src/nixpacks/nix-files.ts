import { compareText } from '@nx-nixpack/base';

import type { BuildPlan, Phase } from '@nx-nixpack/plan';

/** What one archive of nixpkgs has to provide, all phases together. */
export interface NixFile {
  /** Relative to the build context. */
  readonly path: string;
  readonly archive: string;
  readonly overlays: readonly string[];
  /** Library expressions, sorted. */
  readonly libs: readonly string[];
  /** Package expressions, sorted. */
  readonly pkgs: readonly string[];
  /** The library whose directories OPENSSL_DIR and OPENSSL_LIB_DIR name: the first that a phase lists. */
  readonly openssl: string | undefined;
  readonly text: string;
}

/** The Nix files of a plan, one per archive, sorted by archive. */
export function nixFiles(plan: BuildPlan): readonly NixFile[] {
  const groups = new Map<string, Phase[]>();
  for (const phase of sortedPhases(plan).filter(usesNix)) {
    const archive = phase.nixpkgsArchive ?? '';
    groups.set(archive, [...(groups.get(archive) ?? []), phase]);
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([archive, phases]) => nixFile(archive, phases));
}

export const usesNix = (phase: Phase): boolean =>
  (phase.nixPkgs?.length ?? 0) + (phase.nixLibs?.length ?? 0) > 0;

export function sortedPhases(plan: BuildPlan): readonly Phase[] {
  return Object.entries(plan.phases ?? {})
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, phase]) => ({ ...phase, name }));
}

export const nixFilePath = (archive: string): string => `.nixpacks/nixpkgs-${archive}.nix`;

function nixFile(archive: string, phases: readonly Phase[]): NixFile {
  const all = (key: 'nixPkgs' | 'nixLibs' | 'nixOverlays') =>
    phases.flatMap((phase) => phase[key] ?? []);
  const libs = [...all('nixLibs')].sort(compareText);
  const parts = {
    path: nixFilePath(archive),
    archive,
    overlays: all('nixOverlays'),
    libs,
    pkgs: [...all('nixPkgs')].sort(compareText),
    openssl: all('nixLibs').find((lib) => lib.includes('openssl')),
  };
  return { ...parts, text: nixText(parts) };
}

function nixText({
  archive,
  overlays,
  libs,
  pkgs,
  openssl,
}: Omit<NixFile, 'text' | 'path'>): string {
  const name = `${archive}-env`;
  return `let
  nixpkgs = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/${archive}.tar.gz") {
    overlays = [${overlays.map((url) => ` (import (fetchTarball "${url}"))`).join('')} ];
  };
in
with nixpkgs;
let
  libraries = lib.makeLibraryPath [ ${libs.join(' ')} ];
  profile = writeTextDir "etc/profile.d/${name}.sh" ''
    export LD_LIBRARY_PATH="\${libraries}:$LD_LIBRARY_PATH"
${opensslLines(openssl)}  '';
in
buildEnv {
  name = "${name}";
  paths = [ profile ${pkgs.join(' ')} ];
}
`;
}

function opensslLines(openssl: string | undefined): string {
  if (openssl === undefined) return '';
  // `openssl.dev` is an output of the package already; both outputs are reached from any of them.
  return `    export OPENSSL_DIR="\${${openssl}.dev}"
    export OPENSSL_LIB_DIR="\${${openssl}.out}/lib"
`;
}
