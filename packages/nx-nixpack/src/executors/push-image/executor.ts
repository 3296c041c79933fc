import { componentExecutor } from '../component-executor.js';
import type { PushImageOptions } from './schema.js';

export default componentExecutor<PushImageOptions>(
  'push-image',
  async (options, request, plugin) => {
    const { describePush, pushImage } = await import('@nx-nixpack/sdk/push-image');
    const { execaRunner } = await import('@nx-nixpack/sdk/system');
    const pushed = await pushImage({
      ...request,
      ...(options.target === undefined ? {} : { target: options.target }),
      dryRun: options.dryRun ?? false,
      allowedEnv: plugin.allowedEnv,
      runner: execaRunner,
    });
    return describePush(pushed);
  },
);
