import type { Environment } from './provider.js';

const NAME = /^[A-Za-z0-9_-]*/;

/**
 * Reads NAME=VALUE pairs as nixpacks does: the name ends at the first other character, later pairs win.
 * A pair without a value is skipped; callers resolve bare names before they come here.
 */
export function parseEnvironment(pairs: readonly string[]): Environment {
  const variables = new Map<string, string>();
  for (const pair of pairs) {
    const name = NAME.exec(pair)?.[0] ?? '';
    const rest = pair.slice(name.length);
    const value = rest.startsWith('=') ? rest.slice(1) : rest;
    if (value !== '') variables.set(name, value);
  }
  return variables;
}

/** The value of NIXPACKS_`name` without line feeds, or undefined. */
export function setting(env: Environment, name: string): string | undefined {
  return env.get(`NIXPACKS_${name}`)?.replaceAll('\n', '');
}

/** Whether NIXPACKS_`name` is exactly `1` or `true`. */
export function isSwitchedOn(env: Environment, name: string): boolean {
  return ['1', 'true'].includes(setting(env, name) ?? '');
}
