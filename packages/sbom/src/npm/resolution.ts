import {
  baseName,
  bytes,
  type ByteString,
  encodeText,
  type Entry,
  joinPath,
  parentOf,
} from '@nx-nixpack/base';
import { type ImageView } from '../image-view.js';
import type { InstalledPackage } from './installed-package.js';
import { NodeModules } from './node-modules.js';

/** What `require(name)` finds from a directory. */
export type Resolve = (from: ByteString, name: string) => InstalledPackage | undefined;

/** Every place that Node resolves a package from, and the directory that really holds it. */
export function packagePlaces(
  wanted: readonly Entry[],
  image: ImageView,
): Map<ByteString, ByteString> {
  const modules = new NodeModules();
  const places = new Map<ByteString, ByteString>();
  for (const { path, type } of wanted) {
    const place = baseName(path) === 'package.json' ? parentOf(path) : path;
    if (!modules.isPackagePlace(place) || (place === path && type !== 'symlink')) continue;
    const real = image.resolve(place);
    if (real !== undefined && image.isFile(joinPath(real, bytes`package.json`)))
      places.set(place, real);
  }
  return places;
}

/** Node's resolution: node_modules of the directory itself, then of each directory above it. */
export function resolver(
  places: ReadonlyMap<ByteString, ByteString>,
  installed: ReadonlyMap<ByteString, InstalledPackage>,
): Resolve {
  return (from, name) => {
    const wanted = encodeText(name);
    for (let directory = from; ; directory = parentOf(directory)) {
      const modules = baseName(directory) === 'node_modules' || directory === 'usr/share/nodejs';
      const place = joinPath(
        modules ? directory : joinPath(directory, bytes`node_modules`),
        wanted,
      );
      const found = installed.get(places.get(place) ?? bytes``);
      if (found) return found;
      if (directory === '') return undefined;
    }
  };
}
