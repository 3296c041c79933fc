import type { Platform } from '@nx-nixpack/data';
import { parseBaseReference } from '@nx-nixpack/deployment';
import {
  parseReference,
  pullImage,
  readLayout,
  type Image,
  type RegistryAccess,
  type Store,
} from '@nx-nixpack/oci';
import type { BasePin } from '../records/plan.js';
import { layoutDirectory } from './pin-bases.js';

export interface PinnedOptions {
  readonly workspaceRoot: string;
  readonly platform: Platform;
  readonly access: RegistryAccess;
}

/** The image of a layout or a registry, exactly the one that was pinned; its layers are in the store, or are brought there. */
export function pinnedImage(
  pin: BasePin,
  { workspaceRoot, platform, access }: PinnedOptions,
  store: Store,
): Promise<Image> {
  const base = parseBaseReference(pin.reference);
  if (base.kind === 'layout')
    return readLayout(layoutDirectory(base.path, workspaceRoot), { platform });
  const reference = parseReference(pin.reference);
  return pullImage(pin.digest === undefined ? reference : { ...reference, digest: pin.digest }, {
    ...access,
    platform,
    store,
  });
}
