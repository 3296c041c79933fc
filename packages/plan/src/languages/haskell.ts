import { compareText } from '@nx-nixpack/base';
import { dictionary, parseYaml } from '@nx-nixpack/data';

import { facts, planFault, requireManifest } from '../source/manifest.js';
import { buildPhase, caches, installPhase, setupPhase } from '../plan/phase.js';
import type { Arch, Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const MANIFEST = 'package.yaml';
const CACHE = '/root/.stack';
const APT_PACKAGES = ['libgmp-dev', 'gcc', 'binutils', 'make', 'zlib1g-dev'] as const;
const ARM_APT_PACKAGES =
  'libnuma1 libnuma-dev libtinfo-dev libtinfo5 libc6-dev libtinfo6 llvm-11 clang ninja-build zlib1g-dev'.split(
    ' ',
  );
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
      },
      decisions: [
        { subject: 'start command', choice: program, because: `"executables" of ${MANIFEST}` },
      ],
    };
  },
};

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
