import { dictionary, optional, parseYaml, text } from '@nx-nixpack/data';

import { facts, planFault, requireManifest, textOf, tryManifest } from '../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import type { Hints, RuntimeWish } from '../plan/build-plan.js';
import type { Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const MANIFEST = 'shard.yml';
const shard = facts({ name: text(), targets: dictionary(dictionary(text())) });
const needs = facts({ crystal: optional(text()) });

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
      hints: { ...hints(source), runtimes: crystalWish(source) },
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

/** In the words of Shards: a plain version is the least, and below the next major one. */
function crystalWish(source: SourceTree): readonly RuntimeWish[] {
  const asked = tryManifest(source, MANIFEST, parseYaml, needs)?.crystal;
  if (asked === undefined) return [];
  const version = /^[0-9.]+$/.test(asked) ? `^${asked}` : asked;
  return [{ name: 'crystal', version, from: `crystal of ${MANIFEST}` }];
}

function hints(source: SourceTree): Hints {
  if (/^\s*path\s*:/m.test(textOf(source, MANIFEST))) {
    return { installInputsReason: `${MANIFEST} names shards that lie in the source` };
  }
  const others = ['shard.lock', 'shard.override.yml'].filter((file) => source.has(file));
  return { installInputs: [MANIFEST, ...others] };
}
