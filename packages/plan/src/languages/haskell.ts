import { compareText } from '@nx-nixpack/base';
import { dictionary, parseYaml } from '@nx-nixpack/data';

import { facts, planFault, requireManifest, textOf } from '../source/manifest.js';
import { buildPhase, caches, installPhase, setupPhase } from '../plan/phase.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import type { Arch, Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const MANIFEST = 'package.yaml';
const CACHE = '/root/.stack';
const APT_PACKAGES = ['libgmp-dev', 'gcc', 'binutils', 'make', 'zlib1g-dev'] as const;
const ARM_APT_PACKAGES =
  'libnuma1 libnuma-dev libtinfo-dev libtinfo5 libc6-dev libtinfo6 llvm-11 clang ninja-build zlib1g-dev'.split(
    ' ',
  );
/** Versions of GHC by the major number of a long-term snapshot (https://www.stackage.org). */
const LTS_COMPILERS: ReadonlyMap<string, string> = new Map([
  ['24', '9.10'],
  ['23', '9.8'],
  ['22', '9.6'],
  ['21', '9.4'],
  ['20', '9.2'],
  ['19', '9.0'],
  ['18', '8.10'],
  ['17', '8.10'],
  ['16', '8.8'],
]);
const packageYaml = facts({ executables: dictionary(facts({})) });

export const haskell: Provider = {
  name: 'haskell',

  detect: (source) => source.has(MANIFEST) && source.files('**/*.hs').length > 0,

  plan(source, _env, { arch }) {
    const program = firstExecutable(source);
    return {
      plan: {
        phases: {
          setup: setupPhase(['stack'], { aptPkgs: aptPackages(arch) }),
          install: installPhase(['stack setup'], { cacheDirectories: [CACHE] }),
          build: buildPhase(['stack install'], { cacheDirectories: caches('.stack-work', CACHE) }),
        },
        start: { cmd: `/root/.local/bin/${program}` },
      },
      hints: {
        installInputsReason: 'stack.yaml may name files of the source',
        outputs: ['/root/.local/bin'],
        buildPackages: aptPackages(arch),
        runtimes: ghcWish(source),
      },
      decisions: [
        { subject: 'start command', choice: program, because: `"executables" of ${MANIFEST}` },
      ],
    };
  },
};

/** The compiler of the snapshot that stack.yaml names. */
function ghcWish(source: SourceTree): readonly RuntimeWish[] {
  const [, name] = /^(?:resolver|snapshot):\s*(\S+)/m.exec(textOf(source, 'stack.yaml')) ?? [];
  if (name === undefined) return [];
  const version =
    /^ghc-([0-9.]+)$/.exec(name)?.[1] ?? LTS_COMPILERS.get(/^lts-([0-9]+)/.exec(name)?.[1] ?? '');
  return version === undefined ? [] : [{ name: 'haskell', version, from: `${name} of stack.yaml` }];
}

const aptPackages = (arch: Arch): readonly string[] =>
  arch === 'aarch64' ? [...APT_PACKAGES, ...ARM_APT_PACKAGES] : APT_PACKAGES;

function firstExecutable(source: SourceTree): string {
  const { executables } = requireManifest(source, MANIFEST, parseYaml, packageYaml);
  const [name] = [...executables.keys()].sort(compareText);
  if (name !== undefined) return name;
  throw planFault({
    message: `${MANIFEST} names no executables`,
    hint: 'Add the program to "executables".',
    file: MANIFEST,
  });
}
