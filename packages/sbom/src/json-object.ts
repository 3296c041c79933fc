import { type ByteString, isObject, type JsonObject } from '@nx-nixpack/base';
import { type ImageView, Unreadable } from './image-view.js';

/*
 * JSON that other tools left in an image, taken as they take it: of repeated keys the last one counts, one value may have
 * several forms, and one odd value hides no other. The shapes of `@nx-nixpack/data` are for documents that may be refused:
 * they need a node for every value, of which a lock file of 16 MiB has millions, and call a repeated key a fault.
 */

/** A file that holds one JSON object. Throws Unreadable for anything else. */
export function readJsonObject(image: ImageView, path: ByteString): JsonObject {
  const value = objectOf(parsed(image.text(path)));
  if (value === undefined) throw new Unreadable('is not a JSON object');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('is not JSON');
  }
}

export const objectOf = (value: unknown): JsonObject | undefined =>
  isObject(value) ? value : undefined;

/** Non-empty text, or undefined. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list; anything else in it is left out. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  listOf(value)
    .map(objectOf)
    .filter((item) => item !== undefined);
