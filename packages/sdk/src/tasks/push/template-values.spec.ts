import type { Command, Runner } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import type { PlanRecord } from '../../records/plan.js';
import type { PublishRecord } from '../../records/publish.js';
import { templateValues } from './template-values.js';

const publish = (tags: string[]): PublishRecord => ({
  planDigest: digestOf('plan'),
  deployment: 'shop',
  component: 'api',
  publish: true,
  registry: 'r',
  name: 'api',
  tags,
  defaultTag: false,
  annotations: {},
  targets: { dev: { replicas: 1, list: [1] } },
});
const plan = {
  source: { directory: 'api', members: [{ directory: 'libs/a', name: 'a' }] },
} as unknown as PlanRecord;

/** Answers as git does; `asked` keeps the arguments. */
function git(answers: Record<string, string>): Runner & { asked: string[][] } {
  const asked: string[][] = [];
  const run = ({ args }: Command) => {
    const [command = '', ...rest] = args.slice(
      args.findIndex((arg) => !arg.includes('=') && arg !== '-c'),
    );
    asked.push([command, ...rest]);
    const text = answers[command];
    return Promise.resolve({
      exitCode: text === undefined ? 1 : 0,
      signal: undefined,
      stdout: Buffer.from(text ?? ''),
      stderr: Buffer.alloc(0),
      timedOut: false,
      aborted: false,
      truncated: false,
    });
  };
  return { run, asked };
}

describe('templateValues', () => {
  it('does not ask git for what nothing names', async () => {
    const runner = git({});
    const values = await templateValues(
      { workspaceRoot: '/w', runner },
      publish(['latest']),
      plan,
      'dev',
    );
    expect(runner.asked).toEqual([]);
    expect(Object.fromEntries(values)).toMatchObject({ target: 'dev', 'context.replicas': '1' });
    // What is not text, number or flag is nothing that a template can show.
    expect(values.has('context.list')).toBe(false);
  });

  it('knows the commit, and makes a tag of a branch name', async () => {
    const runner = git({
      'rev-parse': 'abcdef1234',
      'symbolic-ref': 'feature/x',
      tag: '',
      status: ' M api/x',
    });
    const values = await templateValues(
      { workspaceRoot: '/w', runner },
      publish(['{{ git.sha }}']),
      plan,
      'dev',
    );
    expect(Object.fromEntries(values)).toMatchObject({
      'git.sha': 'abcdef1234',
      'git.short_sha': 'abcdef1',
      'git.branch': 'feature-x',
      'git.dirty': 'true',
    });
    expect(runner.asked.find(([command]) => command === 'status')).toEqual(
      expect.arrayContaining(['api', 'libs/a']),
    );
  });

  it('says what to do where there is no commit', async () => {
    const work = templateValues(
      { workspaceRoot: '/w', runner: git({}) },
      publish(['{{ git.sha }}']),
      plan,
      'dev',
    );
    await expect(work).rejects.toMatchObject({ code: 'GIT_UNAVAILABLE' });
  });

  it('reads no variable that is not allowed', async () => {
    const sources = {
      workspaceRoot: '/w',
      runner: git({}),
      allowedEnv: ['OK'],
      environment: { OK: '1', SECRET: '2' },
    };
    const values = await templateValues(sources, publish([]), plan, 'dev');
    expect(values.get('env.OK')).toBe('1');
    expect(values.has('env.SECRET')).toBe(false);
  });
});
