import type { Decision } from '../../plan/explanation.js';
import { planFault } from '../../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../../plan/phase.js';
import { stemOf } from '../../source/plain-text.js';
import type { Provided } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

const DOTNET_PORT = 3000;

/** What C# and F# share: restore, publish, start the first project's program. */
export function dotnetPlan(
  source: SourceTree,
  projects: string,
  sdk: Decision & { readonly choice: string },
): Provided {
  const [project] = source.files(projects);
  if (project === undefined)
    throw planFault({
      message: `No file matches ${projects}`,
      hint: 'Add a project file.',
      file: projects,
    });
  const start = {
    subject: 'start command',
    choice: `./out/${stemOf(project)}`,
    because: `${project} is the first project`,
  };
  return {
    plan: {
      variables: {
        ASPNETCORE_ENVIRONMENT: 'Production',
        ASPNETCORE_URLS: `http://0.0.0.0:${DOTNET_PORT}`,
        DOTNET_ROOT: '/nix/var/nix/profiles/default/',
      },
      phases: {
        setup: setupPhase([sdk.choice]),
        install: installPhase(['dotnet restore']),
        build: buildPhase(['dotnet publish --no-restore -c Release -o out']),
      },
      start: { cmd: start.choice },
    },
    hints: {
      installInputsReason: 'project files may refer to any other file of the source',
      ports: [DOTNET_PORT],
    },
    decisions: [sdk, start],
  };
}
