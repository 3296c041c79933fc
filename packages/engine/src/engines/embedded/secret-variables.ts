import { UserError } from '@nx-nixpack/base';
import type { SecretName, Step } from '../../recipe.js';

type RunStep = Extract<Step, { kind: 'run' }>;

/** `NAME=VALUE` entries, each ended by a zero byte. */
export function secretVariables(
  { secretVariables: names = [] }: RunStep,
  secrets: ReadonlyMap<SecretName, Uint8Array>,
): Uint8Array {
  return Buffer.concat(names.map((name) => entry(name, secrets.get(name))));
}

function entry(name: SecretName, value: Uint8Array | undefined): Buffer {
  if (value === undefined)
    throw new Error(`the recipe reads a secret "${name}" that was not given`);
  if (!value.includes(0)) return Buffer.concat([Buffer.from(`${name}=`), value, Buffer.of(0)]);
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `The secret ${name} holds a zero byte, which no variable can hold`,
    hint: `Give it as a file: ${name}: { env: ${name}, as: file }.`,
  });
}
