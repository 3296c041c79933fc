import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform } from '@nx-nixpack/data';
import { readPlainFile, UserError, type Progress } from '@nx-nixpack/base';
import {
  isDigest,
  parseReference,
  readLayout,
  resolveImage,
  type Digest,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import type { BaseReference } from '@nx-nixpack/deployment';
import type { BasePin } from '../records/plan.js';

/** The committed file that pins base images: reference, then platform, to digest. */
export const LOCK_FILE = 'nixpack.lock.json';

export interface PinOptions {
  readonly workspaceRoot: string;
  readonly platform: Platform;
  readonly requireLock: boolean;
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

/** What is known of a base without looking at it: another component's image, a digest that was written or is locked. */
export function knownPin(
  base: BaseReference,
  options: Pick<PinOptions, 'workspaceRoot' | 'platform'>,
): BasePin {
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

/** Room for twenty thousand bases; a larger file is something else. */
const MAX_LOCK_BYTES = 4 * 1024 * 1024;

function lockedDigest(
  reference: string,
  { workspaceRoot, platform }: Pick<PinOptions, 'workspaceRoot' | 'platform'>,
): Digest | undefined {
  const bytes = readPlainFile(join(workspaceRoot, LOCK_FILE), MAX_LOCK_BYTES, { follow: true });
  if ('problem' in bytes) {
    if (bytes.missing) return undefined;
    throw invalidLock(bytes.problem);
  }
  const pinned = images(bytes.toString('utf8'))?.[reference]?.[platform];
  if (pinned === undefined || isDigest(pinned)) return pinned;
  throw invalidLock();
}

function images(text: string): Record<string, Record<string, string> | undefined> | undefined {
  try {
    return (JSON.parse(text) as { images?: Record<string, Record<string, string>> }).images;
  } catch {
    throw invalidLock();
  }
}

const invalidLock = (problem = 'is not a lock file of base images'): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: `${LOCK_FILE} ${problem}`,
    hint: 'Restore it from version control: {"images": {"<reference>": {"<platform>": "sha256:…"}}}.',
    at: { file: LOCK_FILE, line: 1, column: 1 },
  });

async function resolveOnce(reference: string, options: PinOptions): Promise<Digest> {
  if (options.requireLock)
    throw new UserError({
      code: 'BASE_INVALID',
      message: `${LOCK_FILE} does not pin ${reference}, and require_lock is set`,
      hint: `Add its digest to ${LOCK_FILE}, or name the base with its digest.`,
    });
  const { digest } = await resolveImage(parseReference(reference), {
    ...options.access,
    platform: options.platform,
  });
  options.progress.warn(
    `${reference} is not pinned: using ${digest}. Add it to ${LOCK_FILE} to keep builds reproducible.`,
  );
  return digest;
}
