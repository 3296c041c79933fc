import { componentExecutor } from '../component-executor.js';
import type { BuildImageOptions } from './schema.js';

export default componentExecutor<BuildImageOptions>(
  'build-image',
  async (options, request, plugin) => {
    const { archiveFetcher, buildImage, describeBuild } =
      await import('@nx-nixpack/sdk/build-image');
    const { hostNetwork, isolatedNetwork } = await import('@nx-nixpack/sdk/system');
    const built = await buildImage({
      ...request,
      fetchArchives: archiveFetcher(request),
      host: plugin.hostNetwork === 'inherit' ? hostNetwork() : isolatedNetwork,
      verify: options.verify ?? process.env['NX_NIXPACK_VERIFY'] === '1',
    });
    return describeBuild(built);
  },
);
