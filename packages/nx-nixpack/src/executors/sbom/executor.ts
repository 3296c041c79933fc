import type { ExecutorContext } from '@nx/devkit';
import { cacheContract } from '../../graph/targets.js';
import { brokenContract } from '../broken-contract.js';
import { consoleProgress, printResult, reporting, type Outcome } from '../reporting.js';
import type { SbomOptions } from './schema.js';

export default function sbomExecutor(
  options: SbomOptions,
  context: ExecutorContext,
): Promise<Outcome> {
  return reporting(async (signal) => {
    const broken = brokenContract(context.target, cacheContract.sbom(options));
    if (broken !== undefined) consoleProgress.warn(broken);
    const { describeSbom, writeSbom } = await import('@nx-nixpack/sdk/write-sbom');
    const { registryAccess, storeDirectory } = await import('@nx-nixpack/sdk/system');
    const record = await writeSbom({
      workspaceRoot: context.root,
      deployment: options.deployment,
      component: options.component,
      storeDirectory: storeDirectory(),
      limits: {
        ...(options.maxPackages === undefined ? {} : { packages: options.maxPackages }),
        ...(options.maxDependencies === undefined ? {} : { dependencies: options.maxDependencies }),
      },
      access: registryAccess(consoleProgress, signal),
      progress: consoleProgress,
    });
    printResult(describeSbom(record));
  });
}
