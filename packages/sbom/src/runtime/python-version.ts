import { baseName, bytes, type ByteString, joinPath, parentOf } from '@nx-nixpack/base';
import { type ImageView, Unreadable } from '../image-view.js';
import { searchBytes } from './search-bytes.js';

/**
 * From the header beside it, else from the program or its library. Undefined when it is not an installation of its own, as a
 * virtual environment's copy. Throws Unreadable.
 */
export function pythonVersion(path: ByteString, image: ImageView): string | undefined {
  const prefix = parentOf(parentOf(path));
  const name = baseName(path);
  if (
    image.isFile(joinPath(prefix, bytes`pyvenv.cfg`)) ||
    !image.isFile(joinPath(prefix, bytes`lib/${name}/os.py`))
  )
    return undefined;
  const declared = declaredVersion([name, bytes`${name}m`], prefix, image);
  if (declared !== undefined) return declared;
  const pattern = new RegExp(
    `\\0(${name.slice('python'.length).replace('.', '\\.')}\\.\\d+(?:(?:a|b|rc)\\d+)?)\\+?\\0`,
  );
  const libraries = [bytes`lib/lib${name}.so.1.0`, bytes`lib/lib${name}.so`].map((file) =>
    joinPath(prefix, file),
  );
  for (const file of [path, ...libraries.filter((library) => image.isFile(library))]) {
    const found = searchBytes(image.open(file), pattern);
    if (found !== undefined) return found;
  }
  throw new Unreadable('is a Python whose version cannot be told');
}

/** Until Python 3.7 the header's directory ended in `m`. */
function declaredVersion(
  names: readonly ByteString[],
  prefix: ByteString,
  image: ImageView,
): string | undefined {
  const headers = names.map((name) => joinPath(prefix, bytes`include/${name}/patchlevel.h`));
  const header = headers.find((file) => image.isFile(file));
  if (header === undefined) return undefined;
  return /#define PY_VERSION\s+"([^"+]+)/.exec(image.text(header))?.[1];
}
