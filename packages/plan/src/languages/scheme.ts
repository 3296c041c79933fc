import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import type { Provider } from './provider.js';

export const scheme: Provider = {
  name: 'scheme',

  detect: (source) => source.has('haunt.scm'),

  plan: () => ({
    plan: {
      phases: {
        setup: setupPhase(['haunt', 'guile']),
        build: buildPhase(['haunt build'], { dependsOn: AFTER_INSTALL_AND_SETUP }),
      },
      start: { cmd: 'guile init.scm --auto-compile' },
    },
  }),
};
