import { inWorkspace } from '@nx-nixpack/base';
import { checkWorkspace } from './workspace.js';
import type { Deployment } from '../component.js';
import { NAMES } from '../shop.fixture.js';
import { loadDeployment } from '../load-deployment.js';

/** One deployment a file; components are terraform ones, `name>dependency,dependency`. */
function deployments(files: Readonly<Record<string, readonly string[]>>): Deployment[] {
  return Object.entries(files).flatMap(([key, lines]) => {
    const [file = '', name = file] = key.split('=');
    const entries = lines.map((line) => {
      const [component = '', needs = ''] = line.split('>');
      return `      ${component}: { metadata: { depends_on: [${needs}] } }\n`;
    });
    const text = `deployment:\n  name: ${name}\n  components:\n    terraform:\n${entries.join('')}      last: {}\n`;
    const { deployment, problems } = loadDeployment({
      file: inWorkspace`${file}.yaml`,
      content: Buffer.from(text),
      workspace: { isDirectory: () => true },
      names: NAMES,
    });
    expect(problems).toEqual([]);
    return deployment ? [deployment] : [];
  });
}

const problemsOf = (files: Readonly<Record<string, readonly string[]>>): string[] =>
  checkWorkspace(deployments(files)).map(
    ({ at, code }) => `${at?.file}:${at?.line}:${at?.column} ${code}`,
  );

describe('checkWorkspace', () => {
  it('finds nothing wrong with deployments that fit', () => {
    expect(problemsOf({ a: ['x>b:terraform/y'], b: ['y>z', 'z>c:terraform/last'], c: [] })).toEqual(
      [],
    );
  });

  it('refuses a name that another file has taken, and says where', () => {
    const problems = checkWorkspace(deployments({ 'one=a': [], 'two=a': [] }));
    expect(problems).toMatchObject([
      {
        code: 'CONFIG_DUPLICATE_DEPLOYMENT',
        at: { file: 'two.yaml', line: 2, column: 9 },
        related: [{ file: 'one.yaml', line: 2, column: 9 }],
      },
    ]);
  });

  it('refuses components and deployments that are not there', () => {
    expect(problemsOf({ a: ['x>b:terraform/lst, c:terraform/x'], b: [] })).toEqual([
      'a.yaml:5:37 CONFIG_UNKNOWN_COMPONENT',
      'a.yaml:5:54 CONFIG_UNKNOWN_COMPONENT',
    ]);
    const [problem] = checkWorkspace(deployments({ a: ['x>b:terraform/lst'], b: [] }));
    expect(problem?.hint).toBe('Did you mean b:terraform/last?');
  });

  it('shows a cycle through several files once, at its first entry', () => {
    const problems = checkWorkspace(
      deployments({ a: ['x>b:terraform/y'], b: ['y>z', 'z>a:terraform/x'] }),
    );
    expect(problems).toMatchObject([
      {
        code: 'CONFIG_CYCLE',
        message:
          'These components wait for each other: a:terraform/x -> b:terraform/y -> b:terraform/z -> a:terraform/x',
        at: { file: 'a.yaml', line: 5 },
        related: [
          { file: 'b.yaml', line: 5 },
          { file: 'b.yaml', line: 6 },
        ],
      },
    ]);
  });
});
