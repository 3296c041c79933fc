import { bytes, type ByteString, joinPath, type JsonObject, parentOf } from '@nx-nixpack/base';
import { orProblem } from '../cataloger.js';
import { type ImageView } from '../image-view.js';
import { readJsonObject } from '../json-object.js';

/** What the image is about: a manifest beside a node_modules that is not a package itself. */
export interface Application {
  readonly directory: ByteString;
  readonly manifest: JsonObject;
}

/** Directories that hold a node_modules and are not a package themselves. A manifest that is not JSON is the application's own matter. */
export function applications(
  places: ReadonlyMap<ByteString, ByteString>,
  installed: ReadonlyMap<ByteString, unknown>,
  image: ImageView,
): Application[] {
  const holders = new Set([...places.keys()].map((place) => holderOf(place)));
  return [...holders].flatMap((directory) => {
    const path = joinPath(directory, bytes`package.json`);
    if (installed.has(directory) || !image.isFile(path)) return [];
    const manifest = orProblem(path, [], () => readJsonObject(image, path));
    return manifest === undefined ? [] : [{ directory, manifest }];
  });
}

/** The directory above the outermost node_modules. */
function holderOf(place: ByteString): ByteString {
  const modules = `/${place}`.indexOf('/node_modules/');
  return modules < 0 ? parentOf(place) : place.slice(0, Math.max(0, modules - 1));
}
