import { nullable, parseJson, plainJson, text, withoutComments } from '@nx-nixpack/data';

import { facts, readManifest, tryManifest } from '../source/manifest.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import { pinnedFile, pinnedTool, wishOf } from '../source/pinned-tool.js';
import type { Provider, PlanContext } from './provider.js';
import { findInFiles } from '../source/search.js';
import type { SourceTree } from '../source/source-tree.js';

const CONFIGS = ['deno.json', 'deno.jsonc'] as const;
const SOURCES = '**/*.{ts,tsx,js,jsx}';
const INDEX = '**/index.{ts,tsx,js,jsx}';
const DENO_IMPORT = /import [^\n]+ from ["'`]https:\/\/deno\.land\/[^"'`]+\.(?:ts|js|tsx|jsx)["'`]/;
const denoJson = facts({ tasks: nullable(facts({ start: nullable(text()) })) });

export const deno: Provider = {
  name: 'deno',

  detect: (source) =>
    CONFIGS.some((file) => source.has(file)) ||
    findInFiles(source, SOURCES, DENO_IMPORT) !== undefined,

  plan(source, _env, target) {
    const [index] = source.files(INDEX);
    const task = startTask(source, target);
    const cmd = task ?? (index === undefined ? undefined : `deno run --allow-all ${index}`);
    const build = buildPhase([`deno cache ${index}`], { dependsOn: AFTER_INSTALL_AND_SETUP });
    return {
      plan: {
        phases: { setup: setupPhase(['deno']), ...(index === undefined ? {} : { build }) },
        ...(cmd === undefined ? {} : { start: { cmd } }),
      },
      hints: { runtimes: denoRuntimes(source) },
      decisions: [
        {
          subject: 'start command',
          choice: cmd,
          because: task === undefined ? 'the first index file' : 'task "start"',
        },
      ],
    };
  },
};

const denoRuntimes = (source: SourceTree): readonly RuntimeWish[] =>
  wishOf(
    'deno',
    pinnedFile(source, '.deno-version'),
    pinnedFile(source, '.dvmrc'),
    pinnedTool(source, ['deno']),
  );

/** The task of deno.json or, when that cannot be read, of deno.jsonc. */
function startTask(source: SourceTree, target: PlanContext): string | undefined {
  const strict = tryManifest(source, 'deno.json', parseJson, denoJson);
  if (strict !== undefined) return strict.tasks?.start;
  // nixpacks drops comments inside strings too, which breaks every address (quirk Q24).
  const strip = target.conformance ? withoutComments : plainJson;
  const parse = (content: string) => parseJson(strip(content));
  const commented = readManifest(source, 'deno.jsonc', parse, denoJson);
  return (commented ?? readManifest(source, 'deno.json', parseJson, denoJson))?.tasks?.start;
}
