import { parseYaml, text } from '@nx-nixpack/data';

import { facts, requireManifest } from '../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import type { Provider } from './provider.js';

const MANIFEST = 'pubspec.yaml';
const pubspec = facts({ name: text(), version: text() });

export const dart: Provider = {
  name: 'dart',

  detect: (source) => source.has(MANIFEST),

  plan(source) {
    const { name } = requireManifest(source, MANIFEST, parseYaml, pubspec);
    return {
      plan: {
        phases: {
          setup: setupPhase(['dart']),
          install: installPhase(['dart pub get'], { onlyIncludeFiles: [MANIFEST] }),
          build: buildPhase([`dart compile exe bin/${name}.dart`]),
        },
        start: { cmd: `./bin/${name}.exe` },
      },
      decisions: [
        { subject: 'start command', choice: `./bin/${name}.exe`, because: `"name" of ${MANIFEST}` },
      ],
    };
  },
};
