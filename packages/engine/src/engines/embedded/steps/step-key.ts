import { canonicalJson } from '@nx-nixpack/base';
import { digestOf, type Digest, type Image } from '@nx-nixpack/oci';
import { LOGIN_BASH } from '../../../recipe/interpreter.js';
import type { ArchiveUse, Recipe, Step } from '../../../recipe/recipe.js';

/** Raised when the same step must leave something else, so that no cached result of before is used. */
const STEP_COMPAT_VERSION = 2;

/** The key of a base's unpacked root: what its layers hold, however they are compressed. */
export const baseKey = (image: Pick<Image, 'layers'>): Digest =>
  keyOf({ base: image.layers.map(({ diffId }) => diffId) });

/**
 * The key of what a step leaves: everything that decides it. `reads` is the digest of what a copy reads. Cache
 * directories, secrets and what the host lends (proxies, mirrors, certificates) decide nothing and are left out.
 */
export function stepKey(
  parent: Digest,
  step: Step,
  { created, interpreter }: Pick<Recipe, 'created' | 'interpreter'>,
  reads?: Digest,
): Digest {
  return keyOf({ parent, created, step: decisive(step, interpreter), reads });
}

function decisive(step: Step, interpreter: Recipe['interpreter']): unknown {
  switch (step.kind) {
    case 'copy':
      // Which paths were named shows in what was read.
      return { kind: step.kind, to: step.to };
    case 'write':
      return { kind: step.kind, path: step.path, mode: step.mode, content: digestOf(step.content) };
    case 'unpack':
      return { ...step, layer: undefined, archives: integrities(step.archives) };
    case 'directory':
      return { kind: step.kind, path: step.path, mode: step.mode };
    case 'run':
      return {
        kind: step.kind,
        interpreter: isUsual(interpreter) ? undefined : interpreter,
        command: step.command,
        workdir: step.workdir,
        env: step.env,
        network: step.network,
        archives: step.archives?.map(({ file, integrity }) => ({ file, integrity })),
      };
  }
}

const integrities = (archives: readonly ArchiveUse[]): string[] =>
  archives.map(({ integrity }) => integrity);

/** It is left out: keys of the time before recipes named it stay what they were. */
const isUsual = (interpreter: Recipe['interpreter']): boolean =>
  canonicalJson(interpreter) === canonicalJson(LOGIN_BASH);

export const keyOf = (value: object): Digest =>
  digestOf(canonicalJson({ compat: STEP_COMPAT_VERSION, ...value }));
