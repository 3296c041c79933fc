#!/usr/bin/env node
/**
 * The line without Nx: plans, builds, catalogs and (with --push) pushes one component of a workspace.
 * COMPONENT is its id, e.g. nixpack/api.
 *
 *   node examples/sdk/build.mjs WORKSPACE DEPLOYMENT COMPONENT [--push]
 */
import {
  buildImage,
  describeBuild,
  describePlan,
  describePush,
  describeSbom,
  findComponent,
  planImage,
  pushImage,
  readWorkspace,
  writePlan,
  writeSbom,
} from '@nx-nixpack/sdk';
import { execaRunner, hostNetwork, registryAccess, storeDirectory } from '@nx-nixpack/sdk/system';

const [root, deployment, component, push] = process.argv.slice(2);
if (component === undefined) {
  console.error('usage: node build.mjs WORKSPACE DEPLOYMENT COMPONENT [--push]');
  process.exit(2);
}

const progress = {
  step: console.log,
  output: (line) => console.log(`  | ${line}`),
  warn: console.warn,
};
const access = registryAccess(progress);
const abort = new AbortController();
process.once('SIGINT', () => abort.abort());

const found = findComponent(readWorkspace(root), deployment, component);
const planned = await planImage({ workspaceRoot: root, ...found, access, progress });
writePlan(root, planned);
console.log(describePlan(planned, { explain: false, json: false }));

const common = {
  workspaceRoot: root,
  deployment,
  component,
  storeDirectory: storeDirectory(),
  access,
  progress,
};
const built = await buildImage({
  ...common,
  host: hostNetwork(),
  environment: process.env,
  signal: abort.signal,
});
console.log(describeBuild(built));
console.log(describeSbom(await writeSbom(common)));
if (push === '--push')
  console.log(describePush(await pushImage({ ...common, runner: execaRunner })));
