import type { KnownNames } from '@nx-nixpack/deployment';

/* eslint-disable @typescript-eslint/no-require-imports -- inference runs at every Nx command, few files name a language, an engine or a format, and the packages take long to load */

/** What the lists of the other packages hold, for whoever reads deployment files. */
export const KNOWN_NAMES: KnownNames = {
  providers: () => {
    const { PROVIDERS } = require('@nx-nixpack/plan') as typeof import('@nx-nixpack/plan');
    return PROVIDERS.map(({ name }) => name);
  },
  engines: () => {
    const { engines } =
      require('./tasks/build/engines.js') as typeof import('./tasks/build/engines.js');
    return engines('').map(({ name }) => name);
  },
  runtimes: () => {
    const { RUNTIMES } = require('@nx-nixpack/engine') as typeof import('@nx-nixpack/engine');
    return RUNTIMES.map(({ name }) => name);
  },
  sbomFormats: () => {
    const { FORMATS } = require('@nx-nixpack/sbom') as typeof import('@nx-nixpack/sbom');
    return FORMATS.map(({ name }) => name);
  },
};
