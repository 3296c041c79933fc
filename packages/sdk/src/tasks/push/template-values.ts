import { UserError, type Runner } from '@nx-nixpack/base';
import { pathsOf, targetValues } from '@nx-nixpack/deployment';
import type { PlanRecord } from '../../records/plan.js';
import { publishTemplates, type PublishRecord } from '../../records/publish.js';
import { KEY_VARIABLES } from '../../results/seal.js';
import { gitFacts, type GitFacts } from '../../system/git-facts.js';

export interface TemplateSources {
  readonly workspaceRoot: string;
  readonly runner: Runner;
  readonly allowedEnv?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What the templates of a push may name: git, the target and its context, allowed variables. Git is asked only when it is named. */
export async function templateValues(
  request: TemplateSources,
  publish: PublishRecord,
  plan: PlanRecord,
  target: string,
): Promise<ReadonlyMap<string, string>> {
  const { registry, name, tags, annotations } = publishTemplates(publish);
  const templates = [registry, name, ...tags, ...Object.values(annotations)];
  const used = templates.flatMap((template) => (template ? pathsOf(template) : []));
  const paths = [plan.source.directory, ...plan.source.members.map(({ directory }) => directory)];
  const git = used.some((path) => path.startsWith('git.'))
    ? await requireGit(
        request,
        paths.map((path) => (path === '' ? '.' : path)),
      )
    : undefined;
  const allowed = (request.allowedEnv ?? []).flatMap((name): [string, string][] => {
    const value = KEY_VARIABLES.includes(name) ? undefined : request.environment?.[name];
    return value === undefined ? [] : [[`env.${name}`, value]];
  });
  return new Map<string, string>([
    ...(git ? gitValues(git) : []),
    ['deployment.name', publish.deployment],
    ['component.name', publish.component],
    ...targetValues({ name: target, context: publish.targets[target] ?? {} }),
    ...allowed,
  ]);
}

async function requireGit(
  { runner, workspaceRoot }: TemplateSources,
  paths: readonly string[],
): Promise<GitFacts> {
  const facts = await gitFacts(runner, workspaceRoot, paths);
  if (facts) return facts;
  throw new UserError({
    code: 'GIT_UNAVAILABLE',
    message: 'A tag or label names the git commit, and there is none',
    hint: 'Commit the workspace, or set image.tag to something that does not name git.',
  });
}

const gitValues = ({ sha, branch, tag, dirty }: GitFacts): [string, string][] => [
  ['git.sha', sha],
  ['git.short_sha', sha.slice(0, 7)],
  ['git.dirty', String(dirty)],
  // A branch such as feature/x is not a legal tag; every other character of it stays.
  ...(branch === undefined
    ? []
    : [['git.branch', branch.replace(/[^\w.-]/g, '-')] as [string, string]]),
  ...(tag === undefined ? [] : [['git.tag', tag] as [string, string]]),
];
