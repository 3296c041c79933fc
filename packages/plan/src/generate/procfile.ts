import { compareText } from '@nx-nixpack/base';
import { dictionary, parseYaml, text } from '@nx-nixpack/data';

import { readManifest } from '../source/manifest.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { withoutUndefined } from '../plan/plan-reader.js';
import type { SourceTree } from '../source/source-tree.js';

const FILE = 'Procfile';

/** The plan of a Procfile, which nixpacks reads as YAML; undefined without one. */
export function procfilePlan(source: SourceTree): BuildPlan | undefined {
  const entries = readManifest(source, FILE, parseYaml, dictionary(text()));
  if (entries === undefined) return undefined;
  const commands = new Map(entries);
  const release = commands.get('release');
  commands.delete('release');
  const cmd = startCommand(commands);
  return withoutUndefined<BuildPlan>({
    phases: release === undefined ? undefined : { release: releasePhase(release) },
    start: cmd === undefined ? undefined : { cmd },
  });
}

const releasePhase = (command: string) => ({
  name: 'release',
  dependsOn: ['setup', 'install', 'build'],
  cmds: ['...', command],
});

/** `web`, else `worker`, else the entry whose name comes first in byte order. An empty command counts. */
function startCommand(commands: ReadonlyMap<string, string>): string | undefined {
  const [first] = [...commands.keys()].sort(compareText);
  return commands.get('web') ?? commands.get('worker') ?? commands.get(first ?? '');
}
