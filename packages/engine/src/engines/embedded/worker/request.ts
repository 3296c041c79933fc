import type { Digest } from '@nx-nixpack/oci';
import type { HostNetwork, StartOptions } from '../../engine.js';
import type { BaseName, Recipe, SecretName } from '../../../recipe/recipe.js';
import type { LayerParts } from '@nx-nixpack/oci';
import type { Scrutiny } from '../snapshots/snapshots.js';

/** Everything the worker needs: the contents are in the store, secrets come through a pipe and are never on disk. */
export interface WorkerRequest {
  readonly storeDirectory: string;
  readonly sessionDirectory: string;
  readonly recipe: Recipe;
  readonly bases: Readonly<Partial<Record<BaseName, readonly LayerParts[]>>>;
  /** Key of the snapshot that holds the source. */
  readonly source: Digest;
  readonly secrets: ReadonlyMap<SecretName, Uint8Array>;
  readonly archives: ReadonlyMap<string, Digest>;
  readonly host: HostNetwork;
  readonly scrutiny: Scrutiny;
  /** Start what the recipe leaves instead of packing it. */
  readonly start?: StartOptions;
}

/** Bytes and maps have no JSON form of their own. */
type Encoded = { readonly $bytes: string } | { readonly $map: [string, unknown][] };

export const encodeRequest = (request: WorkerRequest): string => JSON.stringify(encoded(request));

export const decodeRequest = (text: string): WorkerRequest =>
  JSON.parse(text, (_key, value: unknown) => decoded(value)) as WorkerRequest;

function encoded(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return { $bytes: Buffer.from(value).toString('base64') } satisfies Encoded;
  if (value instanceof Map)
    return {
      $map: [...value].map(([key, one]) => [key as string, encoded(one)]),
    } satisfies Encoded;
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || typeof value !== 'object') return value;
  return withKeys(value, (key) => (key.startsWith('$') ? `$${key}` : key), encoded);
}

function decoded(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('$bytes' in value) return Buffer.from(String(value.$bytes), 'base64');
  if ('$map' in value) return new Map(value.$map as [string, unknown][]);
  if (Array.isArray(value)) return value;
  return withKeys(value, (key) => (key.startsWith('$') ? key.slice(1) : key));
}

/** Keys that users chose (labels, variables) may look like ours, so those that begin with a dollar get another one. */
const withKeys = (
  value: object,
  change: (key: string) => string,
  of: (one: unknown) => unknown = (one) => one,
): object => Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), of(one)]));
