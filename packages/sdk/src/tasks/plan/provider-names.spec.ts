import { inWorkspace } from '@nx-nixpack/base';
import { loadDeployment } from '@nx-nixpack/deployment';
import { PROVIDERS } from '@nx-nixpack/plan';
import { KNOWN_NAMES } from '../../known-names.js';

/** The deployment file checks names without knowing the planner: here both are known. */
describe('providers of a deployment file', () => {
  const problems = (name: string) =>
    loadDeployment({
      file: inWorkspace`a.yaml`,
      content: Buffer.from(
        `deployment: { name: a, components: { nixpack: { b: { vars: { source: ., providers: ["${name}"] }, settings: { nixpack: { publish: false } } } } } }`,
      ),
      workspace: { isDirectory: () => true },
      names: KNOWN_NAMES,
    }).problems;

  it.each(PROVIDERS.map(({ name }) => name))('may name %s', (name) => {
    expect(problems(name)).toEqual([]);
  });

  it('may not name what the planner does not have', () => {
    expect(problems('nodejs')).toHaveLength(1);
  });
});
