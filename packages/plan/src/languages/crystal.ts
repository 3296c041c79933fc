import { dictionary, parseYaml, text } from '@nx-nixpack/data';

import { facts, planFault, requireManifest, textOf } from '../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import type { Hints } from '../plan/build-plan.js';
import type { Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const MANIFEST = 'shard.yml';
const shard = facts({ name: text(), targets: dictionary(dictionary(text())) });

export const crystal: Provider = {
  name: 'crystal',

  detect: (source) => source.has(MANIFEST),

  plan(source) {
    const target = firstTarget(source);
    return {
      plan: {
        phases: {
          setup: setupPhase(['crystal', 'shards']),
          install: installPhase(['shards install']),
          build: buildPhase(['shards build']),
        },
        start: { cmd: `./bin/${target}` },
      },
      hints: hints(source),
      decisions: [
        {
          subject: 'start command',
          choice: `./bin/${target}`,
          because: `the first of "targets" in ${MANIFEST}`,
        },
      ],
    };
  },
};

/** With several targets nixpacks' choice is random; ours is the first of the file. */
function firstTarget(source: SourceTree): string {
  const [target] = requireManifest(source, MANIFEST, parseYaml, shard).targets.keys();
  if (target !== undefined) return target;
  throw planFault({
    message: `${MANIFEST} names no targets`,
    hint: 'Add the program to "targets".',
    file: MANIFEST,
  });
}

function hints(source: SourceTree): Hints {
  if (/^\s*path\s*:/m.test(textOf(source, MANIFEST))) {
    return { installInputsReason: `${MANIFEST} names shards that lie in the source` };
  }
  const others = ['shard.lock', 'shard.override.yml'].filter((file) => source.has(file));
  return { installInputs: [MANIFEST, ...others] };
}
