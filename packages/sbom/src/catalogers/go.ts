import type { ByteString } from '@nx-nixpack/base';
import {
  orProblem,
  type Cataloger,
  type Catalog,
  type Finding,
  keyAt,
  type Problem,
} from '../cataloger.js';
import { type BuildInfo, readBuildInfo } from '../go/build-info.js';
import { type GoModule, type GoModules, goPurl, readGoModules } from '../go/modules.js';
import type { PackageEdge } from '../package-graph.js';

/** Go links its runtime into everything it makes; smaller executables were not made by it. */
const SMALLEST = 256 * 1024;

/** Modules that were compiled into executables, as `go version -m` lists them, and the standard library of the toolchain. */
export const go: Cataloger = {
  name: 'go',
  type: 'golang',
  wants: (entry) => entry.type === 'file' && (entry.mode & 0o111) !== 0 && entry.size >= SMALLEST,

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const parts = wanted.flatMap(({ path }) => {
      return (
        orProblem(path, problems, () => {
          const info = readBuildInfo(() => image.open(path));
          return info && catalogExecutable(path, info);
        }) ?? []
      );
    });
    return {
      findings: parts.flatMap((part) => part.findings),
      edges: parts.flatMap((part) => part.edges),
      problems,
    };
  },
};

function catalogExecutable(
  place: ByteString,
  info: BuildInfo,
): Pick<Catalog, 'findings' | 'edges'> {
  const modules = readGoModules(info.modules);
  const standard = findingOf(
    { path: 'stdlib', version: toolchainVersion(info.version), sum: '' },
    place,
    {},
  );
  const dependencies = modules.dependencies.map((one) => findingOf(one, place, replacement(one)));
  const { main } = modules;
  if (main === undefined) return { findings: [standard, ...dependencies], edges: [] };
  const program = findingOf(main, place, settingsOf(modules));
  const edges = [standard, ...dependencies].map((to): PackageEdge => ({
    from: program.key,
    to: to.key,
    kind: 'runtime',
  }));
  return { findings: [program, standard, ...dependencies], edges };
}

/** `go1.26.1` and `go1.26.1 X:boringcrypto` → `1.26.1`. */
const toolchainVersion = (version: string): string =>
  version.replace(/^go/, '').replace(/\s.*$/s, '');

function findingOf(
  module: GoModule,
  place: ByteString,
  properties: Readonly<Record<string, string>>,
): Finding {
  const { path: name, version, sum } = module;
  const purl = goPurl(name, version);
  const hex = sum.startsWith('h1:') ? Buffer.from(sum.slice(3), 'base64').toString('hex') : '';
  const supplier = name === 'stdlib' ? 'The Go Authors' : supplierOf(name);
  const details = {
    name,
    version,
    purl,
    licenses: { declared: name === 'stdlib' ? [{ kind: 'id', id: 'BSD-3-Clause' } as const] : [] },
    hashes: hex.length === 64 ? [{ algorithm: 'sha-256', hex } as const] : [],
    properties,
    supplier,
  };
  return { key: keyAt(purl, place), place, technique: 'binary-analysis', package: details };
}

/** Host and organization of a module path: `github.com/org`; a host that has no organizations: its first part. */
function supplierOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, parts[0]?.includes('.') && parts.length > 2 ? 2 : 1).join('/');
}

function settingsOf(modules: GoModules): Record<string, string> {
  return Object.fromEntries(
    Object.entries(modules.settings).map(([key, value]) => [`go:setting:${key}`, value]),
  );
}

const replacement = (module: GoModule): Record<string, string> =>
  module.replaces === undefined ? {} : { 'go:replaces': module.replaces };
