import type { Problem } from '@nx-nixpack/base';
import {
  checkWorkspace,
  type BrokenComponent,
  type Deployment,
  type LoadedDeployment,
  type WorkspaceProblem,
} from '@nx-nixpack/deployment';

export type LoadedFile = LoadedDeployment & { readonly file: string };

/** A file that is no deployment. */
export interface UnreadableFile {
  readonly file: string;
  /** One at least. */
  readonly problems: readonly Problem[];
}

interface Settled {
  readonly deployments: readonly Deployment[];
  readonly problems: readonly Problem[];
  readonly broken: readonly BrokenComponent[];
  readonly unreadable: readonly UnreadableFile[];
}

/** Puts the files of a workspace together: what is right in them stays when other parts of it are not. */
export function settleWorkspace(files: readonly LoadedFile[]): Settled {
  const broken = files.flatMap((file) => file.broken);
  const problems = files.flatMap((file) => [...file.problems, ...file.unsupported]);
  let deployments = files.flatMap(({ healthy }) => healthy ?? []);
  for (let left = true; left;) {
    const causes = new Map(broken.map((one) => [idOf(one), one.problems]));
    const found = checkWorkspace(deployments);
    problems.push(...found.filter(({ missing = '' }) => !causes.has(missing)).map(toldAs));
    const blamed = blame(found, causes);
    broken.push(...deployments.flatMap((one) => brokenIn(one, blamed)));
    deployments = deployments.flatMap((one) => without(one, blamed));
    left = blamed.size > 0;
  }
  const isUnread = ({ healthy, broken: own }: LoadedFile): boolean => !healthy && own.length === 0;
  return { deployments, problems, broken, unreadable: files.filter(isUnread).map(unreadable) };
}

const idOf = ({ deployment, id }: { deployment: string; id: string }): string =>
  `${deployment}:${id}`;

const unreadable = ({ file, problems }: LoadedFile): UnreadableFile => ({ file, problems });

const toldAs = ({ components: _, missing: __, ...problem }: WorkspaceProblem): Problem => problem;

/** What each component must wait for: of one that needs a broken one, that is what is wrong with the other. */
function blame(
  found: readonly WorkspaceProblem[],
  causes: ReadonlyMap<string, readonly Problem[]>,
): Map<string, readonly Problem[]> {
  const blamed = new Map<string, readonly Problem[]>();
  for (const problem of found)
    for (const id of problem.components) {
      const own = causes.get(problem.missing ?? '') ?? [toldAs(problem)];
      blamed.set(id, [...(blamed.get(id) ?? []), ...own]);
    }
  return blamed;
}

type Blamed = ReadonlyMap<string, readonly Problem[]>;

const brokenIn = ({ name, file, components }: Deployment, blamed: Blamed): BrokenComponent[] =>
  components.flatMap((component) => {
    const problems = blamed.get(`${name}:${component.id}`);
    if (problems === undefined || component.type !== 'nixpack') return [];
    const { id, name: own, at, vars } = component;
    const source = vars.source === undefined ? {} : { source: vars.source };
    return [{ deployment: name, file, id, name: own, at, ...source, problems }];
  });

/** One of which nothing is left has no name that another one could have too. */
function without(deployment: Deployment, blamed: Blamed): Deployment[] {
  const { name, components } = deployment;
  const left = components.filter(({ id }) => !blamed.has(`${name}:${id}`));
  // The same one, so that whoever asks again sees that nothing has changed.
  if (left.length === components.length) return [deployment];
  return left.length === 0 && components.length > 0 ? [] : [{ ...deployment, components: left }];
}
