import { memoryTree } from '../../source/memory-tree.contract.js';
import { aliasedFile } from './imports.js';
import { tsconfigNeeds } from './tsconfig.js';

const PATHS = { '@acme/*': ['libs/*/index.ts'], '@acme/ui': ['front/ui.ts'] };
const TREE = memoryTree({
  'tsconfig.base.json': JSON.stringify({ compilerOptions: { paths: PATHS } }),
  'apps/web/tsconfig.json': '{"extends": "../../tsconfig.base.json"}',
  'apps/web/tsconfig.lib.json': '{"extends": "./tsconfig.json"}',
  'apps/web/tsconfig.spec.json': '{"extends": "./tsconfig.json", "compilerOptions": {"paths": {}}}',
  'apps/api/tsconfig.json': '{"extends": "../../tsconfig.base.json"}',
  'libs/ui/index.ts': '',
  'libs/log/index.ts': '',
  'front/ui.ts': '',
});

describe('tsconfigNeeds', () => {
  it('has the paths of one configuration once, whoever extends it', () => {
    const [web, api] = ['apps/web', 'apps/api'].map((at) => tsconfigNeeds(TREE, at).aliases);
    expect([web?.size, api?.size]).toEqual([2, 1]);
    expect([...(web ?? [])]).toContain([...(api ?? [])][0]);
  });

  it('reads a configuration with a long line of slashes after a comma', () => {
    const text = `{"extends": "../../tsconfig.base.json", ${'/'.repeat(10_000)}\n "files": [],}`;
    const tree = memoryTree({
      'tsconfig.base.json': JSON.stringify({ compilerOptions: { paths: PATHS } }),
      'apps/web/tsconfig.json': text,
    });
    expect(tsconfigNeeds(tree, 'apps/web').aliases.size).toBe(1);
  });

  it('leads a name to its own place first, then to that of a pattern', () => {
    const { aliases } = tsconfigNeeds(TREE, 'apps/web');
    const leads = (name: string) => aliasedFile(TREE, aliases, name);
    expect(['@acme/ui', '@acme/log', '@acme/none', '@acme'].map(leads)).toEqual([
      'front/ui.ts',
      'libs/log/index.ts',
      undefined,
      undefined,
    ]);
  });
});
