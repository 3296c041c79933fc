import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import type { Provider } from './provider.js';

export const zig: Provider = {
  name: 'zig',

  detect: (source) => source.files('*.zig').length > 0,

  plan(source) {
    const submodules = source.has('.gitmodules') ? ['git submodule update --init'] : [];
    const cmd = `./zig-out/bin/${source.name}`;
    return {
      plan: {
        phases: {
          setup: setupPhase(['zig']),
          install: installPhase(submodules),
          build: buildPhase(['zig build -Doptimize=ReleaseSafe']),
        },
        start: { cmd },
      },
      decisions: [
        { subject: 'start command', choice: cmd, because: "the source directory's own name" },
      ],
    };
  },
};
