import { walk } from '@nx-nixpack/base';
import type { BuildRequest, Engine, Readiness } from '@nx-nixpack/engine';
import { Image, packLayer, Store } from '@nx-nixpack/oci';

export interface CopyingEngine extends Engine {
  /** Every request that it was given, in order. */
  readonly requests: readonly BuildRequest[];
}

export interface CopyingOptions {
  readonly name?: string;
  readonly readiness?: Readiness;
  /** What happens while the engine works; whoever throws here makes the build fail. */
  readonly meanwhile?: (request: BuildRequest) => Promise<void> | void;
}

/** A whole engine that needs no privileges: puts the source on the base as one layer and runs no command. */
export function copyingEngine({
  name = 'embedded',
  readiness = { ready: true },
  meanwhile = () => undefined,
}: CopyingOptions = {}): CopyingEngine {
  const requests: BuildRequest[] = [];
  return {
    name,
    requests,
    probe: () => Promise.resolve(readiness),
    build: async (request) => {
      requests.push(request);
      const image = await withSource(request);
      await meanwhile(request);
      return { image, steps: [{ title: 'copy the source', cached: false, seconds: 0 }] };
    },
  };
}

async function withSource({
  bases,
  platform,
  source,
  storeDirectory,
}: BuildRequest): Promise<Image> {
  const entries = [...walk(source)].map((entry) => ({
    ...entry,
    open: () => source.open(entry.path),
  }));
  const options = { name: 'application', mtime: 0 };
  const layer = await packLayer(entries, Store.open(storeDirectory), options);
  const base = bases.run ?? bases.build ?? Image.scratch(platform);
  return base.append(layer);
}
