import { debianRuntime } from './debian-runtime.js';

/** What a program links to although Swift's own library is in it. */
const RUN = ['libstdc++6', 'libcurl4t64 | libcurl4', 'libxml2-16 | libxml2', 'zlib1g'] as const;
const BUILD = [
  'swiftlang',
  'clang',
  'libc6-dev',
  'libstdc++-14-dev | libstdc++-12-dev',
  'git',
] as const;

/** Debian's compiler; packages of a project come from where its Package.swift says. */
export const swift = debianRuntime({
  name: 'swift',
  package: 'swiftlang',
  license: 'Apache-2.0 with runtime library exception',
  attribute: /^swift$/,
  run: RUN,
  build: BUILD,
});
