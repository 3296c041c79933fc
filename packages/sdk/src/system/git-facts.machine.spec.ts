import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner } from './execa-runner.js';
import { gitFacts } from './git-facts.js';

describe('gitFacts', () => {
  let root: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'git-facts-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function commit(): void {
    mkdirSync(join(root, 'api'));
    writeFileSync(join(root, 'api', 'main.js'), '1');
    writeFileSync(join(root, 'other'), '1');
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
  }

  it('knows nothing outside a repository', async () => {
    expect(await gitFacts(execaRunner, root, ['.'])).toBeUndefined();
  });

  it('knows commit, branch and tag', async () => {
    commit();
    git('tag', 'v1');
    const sha = git('rev-parse', 'HEAD').trim();
    expect(await gitFacts(execaRunner, root, ['api'])).toEqual({
      sha,
      branch: 'main',
      tag: 'v1',
      dirty: false,
    });
  });

  it('calls a source dirty for its own changes only, new files too', async () => {
    commit();
    writeFileSync(join(root, 'other'), '2');
    expect((await gitFacts(execaRunner, root, ['api']))?.dirty).toBe(false);
    writeFileSync(join(root, 'api', 'new.js'), '2');
    expect((await gitFacts(execaRunner, root, ['api']))?.dirty).toBe(true);
  });

  it('starts no program that the repository names', async () => {
    commit();
    git('config', 'core.fsmonitor', `touch ${join(root, 'started')}; false`);
    await gitFacts(execaRunner, root, ['.']);
    expect(() => execFileSync('ls', [join(root, 'started')], { stdio: 'pipe' })).toThrow();
  });
});
