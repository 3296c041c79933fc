import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDeployment } from '@nx-nixpack/deployment';
import { PROVIDERS } from '@nx-nixpack/plan';
import { KNOWN_NAMES } from '../../known-names.js';

const NAMES = join(
  __dirname,
  ...['..', '..', '..', '..', 'deployment', 'src', 'schema', 'grammars', 'providers.ts'],
);

/** The deployment file checks names without knowing the planner: here both are known. */
describe('providers of a deployment file', () => {
  const problems = (name: string) =>
    loadDeployment({
      file: 'a.yaml',
      content: Buffer.from(
        `deployment: { name: a, components: { nixpack: { b: { vars: { source: ., providers: ["${name}"] }, settings: { nixpack: { publish: false } } } } } }`,
      ),
      workspace: { isDirectory: () => true },
      names: KNOWN_NAMES,
    }).problems;

  it('are listed as the planner has them; UPDATE_DOCS=1 writes the list', () => {
    const text = readFileSync(NAMES, 'utf8');
    const names = PROVIDERS.map(({ name }) => `  '${name}',\n`).join('');
    const wanted = text.replace(
      /(PROVIDER_NAMES = \[\n)[^\]]*(\] as const)/,
      (_all, open: string, close: string) => `${open}${names}${close}`,
    );
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(NAMES, wanted);
    else expect(text).toBe(wanted);
  });

  it.each(PROVIDERS.map(({ name }) => name))('may name %s', (name) => {
    expect(problems(name)).toEqual([]);
  });

  it('may not name what the planner does not have', () => {
    expect(problems('nodejs')).toHaveLength(1);
  });
});
