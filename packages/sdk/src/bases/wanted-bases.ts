import { UserError } from '@nx-nixpack/base';
import {
  parseBaseReference,
  type BaseReference,
  type NixpackSettings,
} from '@nx-nixpack/deployment';
import type { BuildPlan } from '@nx-nixpack/plan';

/** The bases of an image: the user's, else the plan's. */
export interface WantedBases {
  /** Absent where the base is composed. */
  readonly build?: BaseReference | undefined;
  readonly run?: BaseReference | undefined;
}

type Settings = Pick<NixpackSettings, 'toolchain' | 'buildImage' | 'runImage'>;

/** The images that nixpacks names are made for Nix: `toolchain: debian` takes the user's or composes one. */
export function wantedBases(
  { toolchain, buildImage, runImage }: Settings,
  plan: BuildPlan,
): WantedBases {
  if (toolchain === 'debian') {
    if (runImage === undefined) return { build: buildImage };
    throw refusedRunImage(runImage);
  }
  return {
    build: buildImage ?? planned(plan.buildImage ?? ''),
    run:
      runImage ?? (plan.start?.runImage === undefined ? undefined : planned(plan.start.runImage)),
  };
}

const planned = (reference: string): BaseReference => parseBaseReference(reference);

/** Its programs would be those of another base than the one that the toolchain was brought to. */
const refusedRunImage = ({ written, at }: BaseReference): UserError =>
  new UserError({
    code: 'UNSUPPORTED',
    message: `The toolchain debian leaves compilers out of the image by itself, and cannot bring programs into run_image ${written} too`,
    hint: 'Leave run_image out, or name the base as build_image.',
    at,
  });
