import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { secretsRead } from '@nx-nixpack/base';
import planImages from './batch.js';
import type { PlanImageOptions } from './schema.js';

describe('plan-image of several components', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'batch-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  /** All that the tasks of a run say. */
  async function run(pointers: PlanImageOptions): Promise<string> {
    const graph = { tasks: { 'api:plan-image': { target: {} } } } as unknown as TaskGraph;
    const context = {
      root,
      nxJsonConfiguration: {},
      projectGraph: { nodes: {}, dependencies: {} },
    } as unknown as ExecutorContext;
    let output = '';
    for await (const { result } of planImages(
      graph,
      { 'api:plan-image': pointers },
      pointers,
      context,
    ))
      output += `${result.success ? 'ok' : 'failed'}: ${result.terminalOutput}`;
    return output;
  }

  it('says what is wrong', async () => {
    const output = await run({ deployment: 'shop', component: 'nixpack/api' });
    expect(output).toMatch(/^failed: CONFIG_UNKNOWN_COMPONENT There is no deployment "shop"/);
  });

  it('shows the stack of a bug, without the secrets that were read', async () => {
    const secret = 'correct-horse-battery-staple';
    secretsRead.add(secret);
    const broken = {
      component: 'nixpack/api',
      get deployment(): string {
        throw new Error(`bug near ${secret}`);
      },
    };
    const output = await run(broken);
    expect(output).toMatch(/^failed: Error: bug near /);
    expect(output).toContain('batch.spec.ts');
    expect(output).not.toContain(secret);
  });
});
