import { didYouMean, quote, type Position, type Problem } from '@nx-nixpack/base';
import type { Deployment } from '../component.js';
import { describeCycle, splitDeployment } from './dependencies.js';
import { findCycles } from './cycles.js';

interface Entry {
  readonly from: string;
  readonly to: string;
  readonly at: Position;
}

/** Something wrong between files, and who cannot be built for it. */
export interface WorkspaceProblem extends Problem {
  /** `<deployment>:<type>/<name>`. */
  readonly components: readonly string[];
  /** The one that is not there, spelled the same. */
  readonly missing?: string;
}

/** What can only be seen with all deployments of a workspace at hand: names used twice, and `depends_on` that leaves its file. */
export function checkWorkspace(deployments: readonly Deployment[]): readonly WorkspaceProblem[] {
  const entries = deployments.flatMap(entriesOf);
  const ids = deployments.flatMap(idsOf);
  return [
    ...repeatedNames(deployments),
    ...unknownComponents(entries, deployments, ids),
    ...cycles(entries),
  ];
}

const idsOf = ({ name, components }: Deployment): string[] =>
  components.map(({ id }) => `${name}:${id}`);

function entriesOf(deployment: Deployment): Entry[] {
  return deployment.components.flatMap((component) =>
    component.dependsOn.map((to, index) => ({
      from: `${deployment.name}:${component.id}`,
      to: splitDeployment(to)[0] === undefined ? `${deployment.name}:${to}` : to,
      at: component.dependsOnAt?.[index] ?? component.at,
    })),
  );
}

const startOf = (deployment: Deployment): Position =>
  deployment.at ?? { file: deployment.file, line: 1, column: 1 };

function repeatedNames(deployments: readonly Deployment[]): WorkspaceProblem[] {
  const owners = new Map<string, Deployment>();
  return deployments.flatMap((deployment): WorkspaceProblem[] => {
    const owner = owners.get(deployment.name);
    owners.set(deployment.name, owner ?? deployment);
    if (owner === undefined) return [];
    return [
      {
        code: 'CONFIG_DUPLICATE_DEPLOYMENT',
        message: `The deployment ${quote(deployment.name)} is already described in ${owner.file}`,
        hint: 'Give it a name of its own.',
        at: startOf(deployment),
        related: [startOf(owner)],
        components: [deployment, owner].flatMap(idsOf),
      },
    ];
  });
}

function unknownComponents(
  entries: readonly Entry[],
  deployments: readonly Deployment[],
  ids: readonly string[],
): WorkspaceProblem[] {
  const known = new Set(ids);
  const names = deployments.map(({ name }) => name);
  return entries
    .filter(({ to }) => !known.has(to))
    .map(({ from, to, at }): WorkspaceProblem => {
      const [deployment = ''] = splitDeployment(to);
      const isThere = names.includes(deployment);
      const candidates = ids.filter((id) => !isThere || id.startsWith(`${deployment}:`));
      return {
        code: 'CONFIG_UNKNOWN_COMPONENT',
        message: isThere
          ? `There is no component ${quote(to)}`
          : `There is no deployment ${quote(deployment)} without a problem of its own`,
        hint: didYouMean(to, candidates),
        at,
        components: [from],
        missing: to,
      };
    });
}

/** Cycles that run through several files; those within one are found when it is read. */
function cycles(entries: readonly Entry[]): WorkspaceProblem[] {
  return findCycles(entries).flatMap((cycle): WorkspaceProblem[] => {
    const [first, ...others] = cycle;
    if (first === undefined) return [];
    const related = others.map(({ at }) => at);
    const components = cycle.map(({ from }) => from);
    return [{ code: 'CONFIG_CYCLE', ...describeCycle(cycle), at: first.at, related, components }];
  });
}
