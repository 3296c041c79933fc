import type { ByteString } from '@nx-nixpack/base';
import { orProblem, type Cataloger, type Finding, keyAt, type Problem } from '../cataloger.js';
import { packageUrl } from '../package-url.js';
import type { ImageView } from '../image-view.js';
import { nodeVersion } from '../runtime/node-version.js';
import { pythonVersion } from '../runtime/python-version.js';
import { isToolchainRecord, programsIn } from '../runtime/toolchain-record.js';

/**
 * Interpreters that no package manager installed: an official Node.js or a Python unpacked somewhere, and what the toolchain
 * noted that it unpacked.
 * Other software that was merely copied into the image is not recognized, and the coverage says so.
 */
export const runtime: Cataloger = {
  name: 'runtime',
  type: 'generic',
  wants: ({ type, path }) =>
    type === 'file' &&
    (kindOf(path) !== undefined || isToolchainRecord(path)) &&
    !`/${path}`.includes('/node_modules/'),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const findings = wanted.flatMap(
      ({ path }) => orProblem(path, problems, () => found(path, image)) ?? [],
    );
    return {
      findings,
      edges: [],
      problems,
      unknown:
        'only the runtimes node and python are recognized by their files, others by what the toolchain noted',
    };
  },
};

function found(path: ByteString, image: ImageView): readonly Finding[] {
  if (isToolchainRecord(path)) return programsIn(path, image);
  const one = read(path, image);
  return one === undefined ? [] : [one];
}

interface Runtime {
  readonly name: string;
  readonly supplier: string;
  readonly license: string;
  /** Undefined when the file turns out to be something else. */
  version(path: ByteString, image: ImageView): string | undefined;
}

const NODE: Runtime = {
  name: 'node',
  supplier: 'OpenJS Foundation',
  license: 'MIT',
  version: nodeVersion,
};
const PYTHON: Runtime = {
  name: 'python',
  supplier: 'Python Software Foundation',
  license: 'Python-2.0',
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
    licenses: { declared: [{ kind: 'id', id: kind.license } as const] },
    hashes: [],
    properties: {},
    supplier: kind.supplier,
  };
  return { key: keyAt(purl, place), place, technique: 'binary-analysis', package: details };
}
