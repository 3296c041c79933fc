import { type ByteString, joinPath } from '@nx-nixpack/base';
import { attempt, type Cataloger, type Finding, keyAt, type Problem } from '../cataloger.js';
import { packageUrl } from '../package-url.js';
import { baseName, type ImageView, parentOf, Unreadable } from '../image-view.js';

/**
 * Interpreters that no package manager installed: an official Node.js or a Python unpacked somewhere.
 * Other software that was merely copied into the image is not recognised, and the coverage says so.
 */
export const runtime: Cataloger = {
  name: 'runtime',
  type: 'generic',
  wants: ({ type, path }) =>
    type === 'file' && kindOf(path) !== undefined && !`/${path}`.includes('/node_modules/'),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const findings = wanted.flatMap(
      ({ path }) => attempt(path, problems, () => read(path, image)) ?? [],
    );
    return {
      findings,
      edges: [],
      problems,
      unknown: 'only the runtimes node and python are recognised by their files',
    };
  },
};

interface Runtime {
  readonly name: string;
  readonly supplier: string;
  readonly licence: string;
  /** Undefined when the file turns out to be something else. */
  version(path: ByteString, image: ImageView): string | undefined;
}

const NODE: Runtime = {
  name: 'node',
  supplier: 'OpenJS Foundation',
  licence: 'MIT',
  version: nodeVersion,
};
const PYTHON: Runtime = {
  name: 'python',
  supplier: 'Python Software Foundation',
  licence: 'Python-2.0',
  version: pythonVersion,
};

function kindOf(path: ByteString): Runtime | undefined {
  if (/(?:^|\/)bin\/node$/.test(path)) return NODE;
  return /(?:^|\/)bin\/python3\.\d+$/.test(path) ? PYTHON : undefined;
}

/** Throws Unreadable when it is a runtime and its version cannot be told. */
function read(place: ByteString, image: ImageView): Finding | undefined {
  const kind = kindOf(place);
  const version = kind?.version(place, image);
  if (kind === undefined || version === undefined) return undefined;
  const purl = packageUrl('generic', undefined, kind.name, version);
  const details = {
    name: kind.name,
    version,
    purl,
    licences: { declared: [{ kind: 'id', id: kind.licence } as const] },
    hashes: [],
    properties: {},
    supplier: kind.supplier,
  };
  return { key: keyAt(purl, place), place, technique: 'binary-analysis', package: details };
}

function nodeVersion(path: ByteString, image: ImageView): string {
  const header = joinPath(parentOf(parentOf(path)), 'include/node/node_version.h');
  if (image.isFile(header)) {
    const text = image.text(header);
    const number = (part: string): string | undefined =>
      new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1];
    const parts = ['MAJOR', 'MINOR', 'PATCH'].map(number);
    if (!parts.includes(undefined)) return parts.join('.');
  }
  const found = search(image.open(path), /node-v(\d+\.\d+\.\d+)(?:-headers)?\.tar/);
  if (found === undefined) throw new Unreadable('is a Node.js whose version cannot be told');
  return found;
}

/** A virtual environment's copy of the interpreter is no installation of its own. */
function pythonVersion(path: ByteString, image: ImageView): string | undefined {
  const prefix = parentOf(parentOf(path));
  const name = baseName(path);
  if (
    image.isFile(joinPath(prefix, 'pyvenv.cfg')) ||
    !image.isFile(joinPath(prefix, `lib/${name}/os.py`))
  )
    return undefined;
  const declared = declaredVersion([name, `${name}m`], prefix, image);
  if (declared !== undefined) return declared;
  const pattern = new RegExp(
    `\\0(${name.slice('python'.length).replace('.', '\\.')}\\.\\d+(?:(?:a|b|rc)\\d+)?)\\+?\\0`,
  );
  const libraries = [`lib/lib${name}.so.1.0`, `lib/lib${name}.so`].map((file) =>
    joinPath(prefix, file),
  );
  for (const file of [path, ...libraries.filter((library) => image.isFile(library))]) {
    const found = search(image.open(file), pattern);
    if (found !== undefined) return found;
  }
  throw new Unreadable('is a Python whose version cannot be told');
}

/** Until Python 3.7 the header's directory ended in `m`. */
function declaredVersion(
  names: readonly string[],
  prefix: ByteString,
  image: ImageView,
): string | undefined {
  const headers = names.map((name) => joinPath(prefix, `include/${name}/patchlevel.h`));
  const header = headers.find((file) => image.isFile(file));
  if (header === undefined) return undefined;
  return /#define PY_VERSION\s+"([^"+]+)/.exec(image.text(header))?.[1];
}

/** The first group of the first match in a file's bytes; matches are shorter than 256 bytes. */
function search(chunks: Iterable<Uint8Array>, pattern: RegExp): string | undefined {
  let tail = '';
  for (const chunk of chunks) {
    const text =
      tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
    tail = text.slice(-256);
  }
  return undefined;
}
