import { excerpt, isObject, type JsonObject } from '@nx-nixpack/base';
import { baseInvalid } from './base-invalid.js';
import { type Digest, isDigest } from './digest.js';
import { isTooDeep, MAX_JSON_DEPTH } from './json-depth.js';

/** What names bytes: what they are, their digest and how many (OCI image specification, descriptor). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Parses a JSON object of at most `limit` bytes. Throws UserError BASE_INVALID. */
export function parseObject(bytes: Uint8Array, what: string, limit: number): JsonObject {
  if (bytes.byteLength > limit)
    throw baseInvalid(`${what} is larger than ${limit} bytes (${bytes.byteLength})`);
  const value = parseText(bytes, what);
  if (!isObject(value)) throw baseInvalid(`${what} is not a JSON object`);
  return value;
}

function parseText(bytes: Uint8Array, what: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!isTooDeep(text)) return JSON.parse(text);
  } catch (error) {
    throw baseInvalid(`${what} is not valid JSON`, error);
  }
  throw baseInvalid(`${what} is nested deeper than ${MAX_JSON_DEPTH} levels`);
}

/** Reads annotations, none where there are none. Throws UserError BASE_INVALID. */
export function textsOf(value: unknown, what: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== 'string'))
    throw baseInvalid(`${what} are not texts`);
  return value as Readonly<Record<string, string>>;
}

/** Reads a descriptor (OCI image specification, descriptor). Throws UserError BASE_INVALID. */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw baseInvalid(`${what} has no descriptor`);
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== 'string') throw baseInvalid(`${what} has no media type`);
  if (!isDigest(digest))
    throw baseInvalid(`${what} has no sha256 digest (${excerpt(String(digest), 100)})`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw baseInvalid(`${what} has no valid size`);
  return { mediaType, digest, size };
}
