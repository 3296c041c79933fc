import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import { OPTIONS } from '../options/options.js';
import { brokenContract } from './broken-contract.js';
import type { Described } from '@nx-nixpack/sdk/workspace';
import type { ComponentTask } from './component-task.js';
import { aggregates, componentTargets, targetNames, type TargetFacts } from './targets.js';
import { TASKS } from './tasks.js';

const executors = jest.requireActual<{ executors: Record<string, object> }>('../../executors.json');
const executorFolder = join(__dirname, '../executors');

describe('the table of tasks', () => {
  it('is what executors.json registers', () => {
    const entries = TASKS.map((task: ComponentTask) => {
      const implementation = `./dist/executors/${task.name}/executor`;
      const schema = `./src/executors/${task.name}/schema.json`;
      const batch = {
        batchImplementation: `./dist/executors/${task.name}/batch`,
        preferBatch: true,
      };
      const description = `${task.description}.`;
      return [
        task.name,
        { implementation, schema, description, ...(task.batch === true ? batch : {}) },
      ];
    });
    expect(executors.executors).toEqual(Object.fromEntries(entries));
  });

  it.each(TASKS.map((task): ComponentTask => task))('$name is named as its schema', (task) => {
    const schema = jest.requireActual<object>(join(executorFolder, task.name, 'schema.json'));
    expect(schema).toMatchObject({ title: task.name, description: `${task.description}.` });
    expect(readdirSync(join(executorFolder, task.name)).includes('batch.ts')).toBe(
      task.batch === true,
    );
  });

  it.each(TASKS.map(({ name }) => name))('%s has a page with its options', (name) => {
    const page = readFileSync(join(__dirname, `../../../../docs/executors/${name}.md`), 'utf8');
    expect(page).toContain(`<!-- facts: options executors/${name} -->`);
  });

  it('names tasks that run before, and an option of the plugin', () => {
    const component = { settings: { sbom: { formats: ['cyclonedx-json'] } } } as never;
    for (const [at, task] of TASKS.entries()) {
      const before = TASKS.slice(0, at).map(({ name }) => name);
      expect(before).toEqual(expect.arrayContaining([...task.after(component)]));
      expect(OPTIONS[task.option].fallback).toBe(task.name);
    }
  });
});

/** A task of another kind, as a plugin author would add it. */
const SCAN: ComponentTask = {
  name: 'scan',
  option: 'scanTargetName',
  description: 'Look for known faults',
  cached: true,
  leaves: 'scan',
  reads: ['sbom/sbom.json'],
  readsOfBases: ['scan/scan.json'],
  after: () => ['sbom'],
  ordered: true,
  perTarget: true,
};

describe('a row more', () => {
  const tasks: readonly ComponentTask[] = [...TASKS, SCAN];
  const described: Described = {
    deployment: {
      name: 'shop',
      file: 'deployments/shop.yaml',
      targets: [{ name: 'dev' }],
    } as unknown as Deployment,
    component: {
      id: 'nixpack/api',
      name: 'api',
      vars: { source: 'api' },
      settings: { sbom: { formats: [] } },
    } as unknown as NixpackComponent,
  };
  const upstream = { project: 'base', names: targetNames({}, described, false, tasks) };
  const facts = (shared: boolean): TargetFacts => ({
    described,
    names: targetNames({ scanTargetName: 'look' }, described, shared, tasks),
    upstream: [upstream],
    bases: [upstream],
    watched: [],
  });

  it('is a target of every component', () => {
    expect(componentTargets(facts(false), tasks)['look']).toEqual({
      executor: 'nx-nixpack:scan',
      cache: true,
      options: { deployment: 'shop', component: 'nixpack/api' },
      inputs: [
        { dependentTasksOutputFiles: '**/sbom/sbom.json' },
        { dependentTasksOutputFiles: '**/scan/scan.json' },
        { externalDependencies: [] },
      ],
      outputs: ['{workspaceRoot}/dist/nixpack/shop/nixpack/api/scan'],
      dependsOn: ['sbom', { projects: ['base'], target: 'scan' }],
      configurations: { dev: { target: 'dev' } },
      metadata: {
        description: 'Look for known faults (shop: nixpack/api)',
        technologies: ['nixpacks'],
      },
    });
  });

  it('runs for all components of a shared directory', () => {
    const all = aggregates([facts(true).names], { scanTargetName: 'look' }, tasks);
    expect(all['look']).toMatchObject({
      executor: 'nx:noop',
      dependsOn: [{ target: 'look--shop-api', params: 'forward' }],
    });
  });

  it('has a cache contract', () => {
    const pointers = { deployment: 'shop', component: 'nixpack/api' };
    const { look } = componentTargets(facts(false), tasks);
    expect(brokenContract(look, SCAN, pointers)).toBeUndefined();
    expect(brokenContract({ ...look, inputs: [] }, SCAN, pointers)).toContain('replace inputs');
  });
});
