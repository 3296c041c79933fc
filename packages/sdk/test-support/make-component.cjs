// Plans, builds and catalogs one component in a process of its own, for the specs that run several at once and kill some:
// node make-component.cjs WORKSPACE STORE COMPONENT. Prints the digest of the image at the end. Runs what is built in dist.
const { buildImage } = require('@nx-nixpack/sdk/build-image');
const { planImage, writePlan } = require('@nx-nixpack/sdk/plan-image');
const { isolatedNetwork, registryAccess } = require('@nx-nixpack/sdk/system');
const { findComponent, readWorkspace } = require('@nx-nixpack/sdk/workspace');
const { writeSbom } = require('@nx-nixpack/sdk/write-sbom');

async function main(workspaceRoot, storeDirectory, name) {
  const component = `nixpack/${name}`;
  const access = registryAccess();
  const described = findComponent(readWorkspace(workspaceRoot), 'shop', component);
  writePlan(workspaceRoot, await planImage({ workspaceRoot, ...described, access }));
  const request = {
    workspaceRoot,
    deployment: 'shop',
    component,
    described,
    storeDirectory,
    access,
    host: isolatedNetwork,
    environment: {},
    signal: new AbortController().signal,
  };
  const { record } = await buildImage(request);
  await writeSbom(request);
  console.log(record.digest);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.code ?? 'uncoded', error.stack);
  process.exitCode = 1;
});
