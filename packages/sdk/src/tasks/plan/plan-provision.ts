import { canonicalJson, silent, UserError, type Progress } from '@nx-nixpack/base';
import type { ChannelAccess } from '@nx-nixpack/channels';
import type { Platform } from '@nx-nixpack/data';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Provision, ProvisionRequest } from '@nx-nixpack/engine';
import { digestOf, type Digest, type RegistryAccess } from '@nx-nixpack/oci';
import type { BaseSystem } from '../../bases/base-system.js';
import { LOCK_FILE, readLock, type LockFile } from '../../lock/lock-file.js';
import { lockedProvision } from '../../lock/locked-provision.js';
import type { BasePin, PlatformPlan } from '../../records/plan.js';

export interface ProvisionPorts {
  readonly workspaceRoot: string;
  /** Where what is known of bases is kept; asked for when a toolchain is brought to a base that the user named. */
  readonly storeDirectory?: string;
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
  readonly access: RegistryAccess;
  /** How channels are reached; asked for when something is resolved. */
  readonly channels?: () => ChannelAccess;
  /** Default: that of the workspace. */
  readonly lock?: LockFile;
  readonly progress?: Progress;
  /** What is planned for another component of the deployment. */
  readonly planOf: (component: string) => Promise<PlatformPlan>;
}

type Planned = Pick<PlatformPlan, 'plan' | 'hints' | 'settings' | 'bases'>;

/** What a plan asks of its toolchain, and what that brings. */
export interface Provided {
  readonly request: ProvisionRequest;
  readonly provision: Provision;
}

/** As it is locked, else as it is found now; undefined for a toolchain that resolves nothing. Throws UserError. */
export async function planProvision(
  planned: Planned,
  platform: Platform,
  ports: ProvisionPorts,
): Promise<Provided | undefined> {
  const { component } = ports;
  try {
    const request = await requestOf(planned, ports);
    if (request === undefined) return undefined;
    const provision =
      lockedFor(request, platform, ports) ?? (await resolved(request, planned, platform, ports));
    return { request, provision };
  } catch (error) {
    throw error instanceof UserError ? error.placedAt(component.at) : error;
  }
}

async function requestOf(
  planned: Planned,
  { planOf, component }: ProvisionPorts,
): Promise<ProvisionRequest | undefined> {
  // The engine is half of the program: plans whose base brings everything do without.
  if (planned.settings.toolchain === 'base') return undefined;
  const { findToolchain } = await import('@nx-nixpack/engine');
  const wanted = findToolchain(planned.settings.toolchain).request?.(planned, (name) =>
    component.packagesAt?.get(name),
  );
  const { build } = planned.bases;
  if (wanted === undefined || build === undefined) return wanted;
  const on =
    build.component === undefined ? build.digest : digestOfBase(await planOf(build.component));
  return { ...wanted, base: false, ...(on && { on }) };
}

/** Of what a component's image will be there before its program comes. */
const digestOfBase = ({ bases, provision, settings }: PlatformPlan): Digest =>
  digestOf(canonicalJson({ bases, provision, kept: settings.keepBuildTools }));

function lockedFor(
  request: ProvisionRequest,
  platform: Platform,
  { workspaceRoot, deployment, component, progress = silent, ...ports }: ProvisionPorts,
): Provision | undefined {
  const name = `${deployment.name}/${component.id}`;
  const locked = lockedProvision(ports.lock ?? readLock(workspaceRoot), name, platform, request);
  if (locked?.fits) return locked.provision;
  const stale = locked !== undefined;
  if (component.settings.requireLock) throw notLocked(name, platform, stale);
  if (stale)
    progress.warn(
      `${LOCK_FILE} locks what ${name} asked for before: its toolchain is resolved anew. Run nx g nx-nixpack:lock --component ${name}.`,
    );
  return undefined;
}

async function resolved(
  request: ProvisionRequest,
  { bases: { build } }: Planned,
  platform: Platform,
  ports: ProvisionPorts,
): Promise<Provision> {
  const { channels, progress = silent } = ports;
  if (channels === undefined) throw new Error('nothing says how channels are reached');
  const system = build && (await systemOf(build, platform, ports));
  const { resolveProvision } = await import('../../provision/index.js');
  const access = channels();
  return resolveProvision(request, { platform, access, progress, ...(system && { system }) });
}

async function systemOf(
  pin: BasePin,
  platform: Platform,
  { storeDirectory, component, ...ports }: ProvisionPorts,
): Promise<BaseSystem> {
  if (storeDirectory === undefined) throw new Error('nothing says where the store is');
  const { baseSystem } = await import('../../bases/base-system.js');
  return baseSystem(pin, component.settings.buildImage, { ...ports, storeDirectory, platform });
}

const notLocked = (name: string, platform: Platform, stale: boolean): UserError =>
  new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: stale
      ? `${LOCK_FILE} locks what ${name} asked for before, not what it asks for now (${platform}), and require_lock is set`
      : `${LOCK_FILE} does not lock the toolchain of ${name} for ${platform}, and require_lock is set`,
    hint: `Run nx g nx-nixpack:lock --component ${name}, and commit ${LOCK_FILE}.`,
  });
