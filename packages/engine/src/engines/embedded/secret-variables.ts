import { UserError } from '@nx-nixpack/base';
import type { SecretName, Step } from '../../recipe.js';

type RunStep = Extract<Step, { kind: 'run' }>;

/** `NAME=VALUE` entries, each ended by a zero byte, for the descriptor below; undefined when the step gets none. */
export function secretVariables(
  { secretVariables: names = [] }: RunStep,
  secrets: ReadonlyMap<SecretName, Uint8Array>,
): Uint8Array | undefined {
  if (names.length === 0) return undefined;
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

/** Where the command's first shell finds the entries. */
export const SECRETS_DESCRIPTOR = 9;

/**
 * Makes variables of the entries and becomes the command `$@`. Anything on a command line or in the environment of the
 * programs that set the step up could be seen by others on this machine; a descriptor cannot.
 */
const EXPORT = `while IFS= read -r -d "" entry; do export "$entry"; done <&${SECRETS_DESCRIPTOR}
exec ${SECRETS_DESCRIPTOR}<&-
exec "$@"`;

/** A command for the image's bash that has the secret variables besides its own. */
export const withSecretVariables = (command: readonly string[]): readonly string[] => [
  ...['/bin/bash', '-c', EXPORT, 'secrets'],
  ...command,
];
