import type { Runner } from '@nx-nixpack/base';

export interface GitFacts {
  readonly sha: string;
  readonly branch: string | undefined;
  /** The tag that names this commit, the first by bytes when there are several. */
  readonly tag: string | undefined;
  /** Whether one of the given paths has uncommitted changes. */
  readonly dirty: boolean;
}

/** Facts of the commit that is checked out; undefined outside a repository or before the first commit. */
export async function gitFacts(
  runner: Runner,
  workspaceRoot: string,
  paths: readonly string[],
): Promise<GitFacts | undefined> {
  const git = (...args: string[]) => ask(runner, workspaceRoot, args);
  const sha = await git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => undefined);
  if (sha === undefined || sha === '') return undefined;
  const branch = await git('symbolic-ref', '--quiet', '--short', 'HEAD');
  const tags = await git('tag', '--points-at', 'HEAD');
  const changes = await git('status', '--porcelain', '--', ...paths);
  return {
    sha,
    branch: branch === '' ? undefined : branch,
    tag: tags?.split('\n').filter(Boolean).sort()[0],
    dirty: changes !== undefined && changes !== '',
  };
}

async function ask(
  runner: Runner,
  cwd: string,
  args: readonly string[],
): Promise<string | undefined> {
  const result = await runner.run({
    file: 'git',
    // The repository's own configuration must not start programs (core.fsmonitor) just because we look at it.
    args: [
      '-c',
      'core.fsmonitor=false',
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'safe.directory=*',
      ...args,
    ],
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
    },
    timeoutMs: 30_000,
  });
  return result.exitCode === 0 ? result.stdout.toString('utf8').trim() : undefined;
}
