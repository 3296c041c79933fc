import { debianRuntime } from './debian-runtime.js';
import { file } from './steps.js';

/** Stack takes the compiler that is installed, and downloads none. */
const CONFIG = ['system-ghc: true', 'install-ghc: false'] as const;

/** Debian's GHC and Stack; packages of a project come from the snapshot that its stack.yaml names. */
export const haskell = debianRuntime({
  name: 'haskell',
  package: 'ghc',
  needs: ['haskell-stack'],
  license: 'BSD-3-Clause',
  attribute: /^(?:stack|ghc|cabal-install)$/,
  run: ['libgmp10', 'libnuma1', 'zlib1g'],
  build: ['ghc', 'haskell-stack', 'git'],
  steps: () => ({ run: [], build: [file('/etc/stack/config.yaml', CONFIG)] }),
});
