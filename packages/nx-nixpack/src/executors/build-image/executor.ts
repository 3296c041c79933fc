import type { ExecutorContext } from '@nx/devkit';
import { optionsFromNxJson } from '../../graph/options.js';
import { cacheContract } from '../../graph/targets.js';
import { brokenContract } from '../broken-contract.js';
import { consoleProgress, printResult, reporting, type Outcome } from '../reporting.js';
import type { BuildImageOptions } from './schema.js';

export default function buildImageExecutor(
  options: BuildImageOptions,
  context: ExecutorContext,
): Promise<Outcome> {
  return reporting(async (signal) => {
    const broken = brokenContract(context.target, cacheContract.build(options));
    if (broken !== undefined) consoleProgress.warn(broken);
    const { buildImage, describeBuild } = await import('@nx-nixpack/sdk/build-image');
    const { hostNetwork, isolatedNetwork, registryAccess, storeDirectory } =
      await import('@nx-nixpack/sdk/system');
    const { findComponent, readWorkspace } = await import('@nx-nixpack/sdk/workspace');
    const plugin = optionsFromNxJson(context.nxJsonConfiguration);
    const workspace = readWorkspace(context.root, plugin);
    const { component } = findComponent(workspace, options.deployment, options.component);
    const built = await buildImage({
      workspaceRoot: context.root,
      deployment: options.deployment,
      component: options.component,
      storeDirectory: options.store ?? storeDirectory(),
      access: registryAccess(consoleProgress, signal),
      engine: component.settings.engine,
      host: plugin.hostNetwork === 'inherit' ? hostNetwork() : isolatedNetwork,
      environment: process.env,
      verify: options.verify ?? process.env['NX_NIXPACK_VERIFY'] === '1',
      progress: consoleProgress,
      signal,
    });
    printResult(describeBuild(built));
  });
}
