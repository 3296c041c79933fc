import { compareText } from '@nx-nixpack/base';
import { parseYaml } from '@nx-nixpack/data';
import { mapOf, text } from '@nx-nixpack/data/first-fault';

import { inFile } from '../source/in-file.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { withoutUndefined } from '../plan/plan-reader.js';
import type { SourceTree } from '../source/source-tree.js';

const FILE = 'Procfile';

/** The plan of a Procfile, which nixpacks reads as YAML; undefined without one. */
export function procfilePlan(source: SourceTree): BuildPlan | undefined {
  const content = source.has(FILE) ? source.read(FILE) : undefined;
  if (content === undefined) return undefined;
  const commands = new Map(inFile(FILE, content, () => mapOf(text)(parseYaml(content))));
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
