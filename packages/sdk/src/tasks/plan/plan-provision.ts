import { silent, UserError, type Progress } from '@nx-nixpack/base';
import type { ChannelAccess } from '@nx-nixpack/channels';
import type { Platform } from '@nx-nixpack/data';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Provision, ProvisionRequest } from '@nx-nixpack/engine';
import { LOCK_FILE, readLock, type LockFile } from '../../lock/lock-file.js';
import { lockedProvision } from '../../lock/locked-provision.js';
import type { PlatformPlan } from '../../records/plan.js';

export interface ProvisionPorts {
  readonly workspaceRoot: string;
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
  /** How channels are reached; asked for when something is resolved. */
  readonly channels?: () => ChannelAccess;
  /** Default: that of the workspace. */
  readonly lock?: LockFile;
  readonly progress?: Progress;
}

type Planned = Pick<PlatformPlan, 'plan' | 'hints' | 'settings' | 'bases'>;

/** What a plan asks of its toolchain; undefined for a toolchain that resolves nothing. */
export async function provisionRequestOf(planned: Planned): Promise<ProvisionRequest | undefined> {
  // The engine is half of the program: plans whose base brings everything do without.
  if (planned.settings.toolchain === 'base') return undefined;
  const { findToolchain } = await import('@nx-nixpack/engine');
  const wanted = findToolchain(planned.settings.toolchain).request?.(planned);
  return wanted && { ...wanted, base: planned.bases.build === undefined };
}

/** What the toolchain of a plan brings: as it is locked, else as it is found now. Throws UserError. */
export async function planProvision(
  planned: Planned,
  platform: Platform,
  ports: ProvisionPorts,
): Promise<Provision | undefined> {
  const { component } = ports;
  try {
    const request = await provisionRequestOf(planned);
    return request && (await lockedOrResolved(request, platform, ports));
  } catch (error) {
    throw error instanceof UserError ? error.placedAt(component.at) : error;
  }
}

async function lockedOrResolved(
  request: ProvisionRequest,
  platform: Platform,
  ports: ProvisionPorts,
): Promise<Provision> {
  const { workspaceRoot, deployment, component, progress = silent, channels } = ports;
  const name = `${deployment.name}/${component.id}`;
  const locked = lockedProvision(ports.lock ?? readLock(workspaceRoot), name, platform, request);
  if (locked?.fits) return locked.provision;
  const stale = locked !== undefined;
  if (component.settings.requireLock) throw notLocked(name, platform, stale);
  if (stale)
    progress.warn(
      `${LOCK_FILE} locks what ${name} asked for before: its toolchain is resolved anew. Run nx g nx-nixpack:lock --component ${name}.`,
    );
  if (channels === undefined) throw new Error('nothing says how channels are reached');
  const { resolveProvision } = await import('../../provision/index.js');
  return resolveProvision(request, { platform, access: channels(), progress });
}

const notLocked = (name: string, platform: Platform, stale: boolean): UserError =>
  new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: stale
      ? `${LOCK_FILE} locks what ${name} asked for before, not what it asks for now (${platform}), and require_lock is set`
      : `${LOCK_FILE} does not lock the toolchain of ${name} for ${platform}, and require_lock is set`,
    hint: `Run nx g nx-nixpack:lock --component ${name}, and commit ${LOCK_FILE}.`,
  });
