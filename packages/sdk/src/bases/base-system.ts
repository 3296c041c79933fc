import type { Position } from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import type { BaseReference } from '@nx-nixpack/deployment';
import type { BasePin, PlatformPlan } from '../records/plan.js';
import { imageSystem, type SystemOptions } from './image-system.js';

/** What a base that the user named is, for whoever brings packages to it. */
export interface BaseSystem {
  readonly reference: string;
  readonly at: Position | undefined;
  /** Codename of its release: only that one's packages fit. */
  readonly release: string;
  /** What its dpkg says is installed, as far as it was looked at. */
  readonly status: string;
  /** What was resolved for it here, and is installed too. */
  readonly installed: readonly Archive[];
}

export interface BaseSystemOptions extends SystemOptions {
  /** What is planned for another component of the deployment. */
  readonly planOf: (component: string) => Promise<PlatformPlan>;
}

/**
 * The system of a base, from its files, or from the plan of the component that makes it. Throws UserError BASE_INVALID for one
 * that is no Debian.
 */
export async function baseSystem(
  pin: BasePin,
  base: BaseReference | undefined,
  options: BaseSystemOptions,
): Promise<BaseSystem> {
  const named = { reference: pin.reference, at: base?.at };
  if (pin.component === undefined)
    return { ...named, ...(await imageSystem(pin, named.at, options)), installed: [] };
  return { ...(await plannedSystem(await options.planOf(pin.component), base, options)), ...named };
}

/** Its setup commands may install more: what is there twice is the same. */
async function plannedSystem(
  { bases, provision, settings }: PlatformPlan,
  base: BaseReference | undefined,
  options: BaseSystemOptions,
): Promise<Omit<BaseSystem, 'reference' | 'at'>> {
  const pin = bases.run ?? bases.build;
  const below = pin && (await baseSystem(pin, base, options));
  const { release = below?.release ?? '', run = [], build = [] } = provision ?? {};
  const kept = settings.keepBuildTools === true ? build : [];
  const installed = [...(below?.installed ?? []), ...(provision?.base ?? []), ...run, ...kept];
  return { release, status: below?.status ?? '', installed };
}
