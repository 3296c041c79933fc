import { parseJson, withoutComments, withoutRealComments, type DataNode } from '@nx-nixpack/data';
import { ifReadable, optional, record, text } from '@nx-nixpack/data/first-fault';

import { inFile } from '../source/in-file.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import type { Provider, PlanContext } from './provider.js';
import { findInFiles } from '../source/search.js';
import type { SourceTree } from '../source/source-tree.js';

const CONFIGS = ['deno.json', 'deno.jsonc'] as const;
const SOURCES = '**/*.{ts,tsx,js,jsx}';
const INDEX = '**/index.{ts,tsx,js,jsx}';
const DENO_IMPORT = /import [^\n]+ from ["'`]https:\/\/deno\.land\/[^"'`]+\.(?:ts|js|tsx|jsx)["'`]/;
const denoJson = record({ tasks: optional(record({ start: optional(text) })) });

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

/** The task of deno.json or, when that cannot be read, of deno.jsonc. */
function startTask(source: SourceTree, target: PlanContext): string | undefined {
  const strict = source.has('deno.json') ? source.read('deno.json') : undefined;
  const found = strict === undefined ? undefined : ifReadable(() => denoJson(parseJson(strict)));
  if (found !== undefined) return found.tasks?.start;
  const commented = source.has('deno.jsonc') ? source.read('deno.jsonc') : undefined;
  // nixpacks drops comments inside strings too, which breaks every address (quirk Q24).
  const strip = target.conformance ? withoutComments : withoutRealComments;
  const parse = (content: string): DataNode => parseJson(strip(content));
  if (commented !== undefined)
    return inFile('deno.jsonc', commented, () => denoJson(parse(commented))).tasks?.start;
  if (strict !== undefined) inFile('deno.json', strict, () => denoJson(parseJson(strict)));
  return undefined;
}
