import { encodeText, joinPath, type ByteString, type JsonObject } from '@nx-nixpack/base';
import { type Finding, keyAt } from '../cataloger.js';
import type { ImageView } from '../image-view.js';
import { objectsOf, listOf, readJsonObject, textOf } from '../json-object.js';
import { packageUrl } from '../package-url.js';

/** Where `toolchain: debian` says which programs it unpacked into the image, which no package manager knows. */
export const isToolchainRecord = (path: ByteString): boolean =>
  /(?:^|\/)share\/nixpack\/toolchain\.json$/.test(path);

/** The programs of the record that are still where they were put. Throws Unreadable. */
export function programsIn(record: ByteString, image: ImageView): Finding[] {
  const programs = objectsOf(readJsonObject(image, record)['programs']);
  const found = programs.flatMap((program) => finding(record, program, image) ?? []);
  return [...new Map(found.map((one) => [one.key, one])).values()];
}

function finding(record: ByteString, program: JsonObject, image: ImageView): Finding | undefined {
  const name = textOf(program['runtime']);
  const version = textOf(program['version']);
  const places = listOf(program['places']).flatMap((place) => placeOf(place) ?? []);
  const there = places.some((place) => image.entry(place) !== undefined);
  // What has a manifest of npm is found by that.
  const isNamed = places.some((place) => image.entry(joinPath(place, MANIFEST)) !== undefined);
  if (name === undefined || version === undefined || !there || isNamed) return undefined;
  const purl = packageUrl('generic', undefined, name, version);
  const details = { name, version, purl, licenses: { declared: [] }, hashes: [], properties: {} };
  return {
    key: keyAt(purl, record),
    place: record,
    technique: 'manifest-analysis',
    package: details,
  };
}

const MANIFEST = encodeText('package.json');

/** Relative, as paths of an image are. */
function placeOf(value: unknown): ByteString | undefined {
  const text = textOf(value);
  return text?.startsWith('/') ? encodeText(text.slice(1)) : undefined;
}
