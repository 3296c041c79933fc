import { decodeText, byteStringOf, UserError } from '@nx-nixpack/base';
import type { SecretName, Step } from '../recipe/recipe.js';

type RunStep = Extract<Step, { kind: 'run' }>;

/** The variables that a step gets from secrets, for its own environment and for nothing that others can read. */
export function secretVariables(
  { secretVariables: names = [] }: RunStep,
  secrets: ReadonlyMap<SecretName, Uint8Array>,
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(name, secrets.get(name))]));
}

function textOf(name: SecretName, value: Uint8Array | undefined): string {
  if (value === undefined)
    throw new Error(`the recipe reads a secret "${name}" that was not given`);
  const text = decodeText(byteStringOf(value));
  if (text !== undefined && !text.includes('\0')) return text;
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `The secret ${name} is not text, and a variable can hold nothing else`,
    hint: `Give it as a file: ${name}: { env: ${name}, as: file }.`,
  });
}
