import { componentExecutor } from '../component-executor.js';
import type { SbomOptions } from './schema.js';

export default componentExecutor<SbomOptions>('sbom', async (options, request) => {
  const { describeSbom, writeSbom } = await import('@nx-nixpack/sdk/write-sbom');
  const { maxPackages: packages, maxDependencies: dependencies } = options;
  const record = await writeSbom({
    ...request,
    limits: {
      ...(packages === undefined ? {} : { packages }),
      ...(dependencies === undefined ? {} : { dependencies }),
    },
  });
  return describeSbom(record);
});
