import { memoryTree } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import { sourceTree } from '@nx-nixpack/plan';
import { nothingDetected } from './nothing-detected.js';

const said = (source: string, files: Readonly<Record<string, string>>) => {
  const component = { id: 'nixpack/api', vars: { source } } as unknown as NixpackComponent;
  const { message, hint } = nothingDetected(
    component,
    sourceTree(memoryTree(files), { name: 'a' }),
  );
  return { message, hint };
};
const PROJECT = { 'project.json': '{"targets":{"serve":{},"build":{}}}' };

it('names the targets of an integrated Nx project, and the ways to build it', () => {
  const { message, hint } = said('apps/api', PROJECT);
  expect(message).toContain('project.json has the targets build, serve');
  expect(hint).toContain('NIXPACKS_NX_APP_NAME: api');
  expect(hint).toContain('prebuilt: { target: build, path: dist/apps/api }');
});

it('knows no way through the workspace for a project elsewhere', () => {
  expect(said('packages/api', PROJECT).hint).toMatch(/^Build it on the host .*dist\/packages\/api/);
});

it('names directories below that have a program', () => {
  const files = { 'complete/pom.xml': '', 'docs/a.md': '', 'initial/pom.xml': '' };
  expect(said('guide', files).hint).toContain('(complete, initial)');
});
