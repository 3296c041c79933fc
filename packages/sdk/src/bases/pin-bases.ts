import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform } from '@nx-nixpack/data';
import { UserError, type Progress } from '@nx-nixpack/base';
import {
  parseReference,
  readLayout,
  resolveImage,
  type Digest,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import type { BaseReference } from '@nx-nixpack/deployment';
import { LOCK_FILE, readLock, type LockFile } from '../lock/lock-file.js';
import type { BasePin } from '../records/plan.js';

export interface PinOptions {
  readonly workspaceRoot: string;
  readonly platform: Platform;
  readonly requireLock: boolean;
  /** Default: that of the workspace. */
  readonly lock?: LockFile;
  readonly access: RegistryAccess;
  readonly progress: Progress;
}

/** Turns what a user wrote for a base into a digest, without reading any layer. */
export async function pinBase(base: BaseReference, options: PinOptions): Promise<BasePin> {
  const pin = knownPin(base, options);
  if (pin.component !== undefined || pin.digest !== undefined) return pin;
  const { written: reference } = base;
  if (base.kind === 'layout') return pinLayout(reference, base.path, options);
  return { reference, digest: await resolveOnce(reference, options) };
}

type KnownOptions = Pick<PinOptions, 'workspaceRoot' | 'platform' | 'lock'>;

/** What is known of a base without looking at it: another component's image, a digest that was written or is locked. */
export function knownPin(base: BaseReference, options: KnownOptions): BasePin {
  const { written: reference } = base;
  if (base.kind === 'component') return { reference, component: base.component };
  if (base.kind === 'layout') return { reference };
  const digest = parseReference(reference).digest ?? lockedDigest(reference, options);
  return digest === undefined ? { reference } : { reference, digest };
}

async function pinLayout(reference: string, path: string, options: PinOptions): Promise<BasePin> {
  const directory = layoutDirectory(path, options.workspaceRoot);
  if (!existsSync(join(directory, 'oci-layout')))
    throw new UserError({
      code: 'BASE_INVALID',
      message: `${reference} is not an OCI image layout`,
      hint: 'Name a directory with an oci-layout file, relative to the workspace root.',
    });
  const image = await readLayout(directory, { platform: options.platform });
  return { reference, digest: image.digest };
}

/** Where the path of a layout points: relative to the workspace root unless absolute. */
export const layoutDirectory = (path: string, workspaceRoot: string): string =>
  path.startsWith('/') ? path : join(workspaceRoot, path);

function lockedDigest(
  reference: string,
  { workspaceRoot, platform, lock = readLock(workspaceRoot) }: KnownOptions,
): Digest | undefined {
  const pins = Object.hasOwn(lock.images, reference) ? lock.images[reference] : undefined;
  return pins?.[platform];
}

async function resolveOnce(reference: string, options: PinOptions): Promise<Digest> {
  if (options.requireLock)
    throw new UserError({
      code: 'BASE_INVALID',
      message: `${LOCK_FILE} does not pin ${reference}, and require_lock is set`,
      hint: 'Pin it with nx g nx-nixpack:lock, or name the base with its digest.',
    });
  const { digest } = await resolveImage(parseReference(reference), {
    ...options.access,
    platform: options.platform,
  });
  options.progress.warn(
    `${reference} is not pinned: using ${digest}. Pin it with nx g nx-nixpack:lock to keep builds reproducible.`,
  );
  return digest;
}
