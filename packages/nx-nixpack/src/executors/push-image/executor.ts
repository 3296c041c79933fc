import type { ExecutorContext } from '@nx/devkit';
import { optionsFromNxJson } from '../../graph/options.js';
import { consoleProgress, printResult, reporting, type Outcome } from '../reporting.js';
import type { PushImageOptions } from './schema.js';

export default function pushImageExecutor(
  options: PushImageOptions,
  context: ExecutorContext,
): Promise<Outcome> {
  return reporting(async (signal) => {
    const { describePush, pushImage } = await import('@nx-nixpack/sdk/push-image');
    const { execaRunner, registryAccess, storeDirectory } = await import('@nx-nixpack/sdk/system');
    const pushed = await pushImage({
      workspaceRoot: context.root,
      deployment: options.deployment,
      component: options.component,
      ...(options.target === undefined ? {} : { target: options.target }),
      dryRun: options.dryRun ?? false,
      allowedEnv: optionsFromNxJson(context.nxJsonConfiguration).allowedEnv,
      environment: process.env,
      storeDirectory: storeDirectory(),
      runner: execaRunner,
      access: registryAccess(consoleProgress, signal),
      progress: consoleProgress,
    });
    printResult(describePush(pushed));
  });
}
