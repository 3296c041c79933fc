import { baseName, bytes, type ByteString, type Entry, joinPath } from '@nx-nixpack/base';
import { type RootDependency, orProblem, type Cataloger, type Problem } from '../cataloger.js';
import { type Application, applications } from '../npm/applications.js';
import { type InstalledPackage, readInstalledPackage } from '../npm/installed-package.js';
import { LockIntegrity } from '../npm/lock-integrity.js';
import { requirements } from '../npm/package-json.js';
import { packagePlaces, type Resolve, resolver } from '../npm/resolution.js';
import type { PackageEdge } from '../package-graph.js';

const LOCKS = ['package-lock.json', '.package-lock.json'];

/**
 * What is installed in node_modules directories, as `npm ls --all` sees it: links count as what they name, so that
 * workspace members are packages; the manifest beside a node_modules directory is the application, not a package.
 */
export const npm: Cataloger = {
  name: 'npm',
  type: 'npm',
  wants: (entry) => wantsName(baseName(entry.path), entry),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const places = packagePlaces(wanted, image);
    const locks = wanted
      .map((entry) => entry.path)
      .filter((path) => LOCKS.includes(baseName(path)));
    const integrity = new LockIntegrity(locks, image, problems);
    const installed = new Map<ByteString, InstalledPackage>();
    for (const real of new Set(places.values())) {
      const found = orProblem(joinPath(real, bytes`package.json`), problems, () =>
        readInstalledPackage(real, image, integrity),
      );
      if (found) installed.set(real, found);
    }
    const resolve = resolver(places, installed);
    return {
      findings: [...installed.values()].map((one) => one.finding),
      edges: [...installed.values()].flatMap((one) => edgesOf(one, resolve)),
      rootDependencies: applications(places, installed, image).flatMap((application) =>
        asks(application, resolve),
      ),
      problems,
    };
  },
};

function wantsName(name: ByteString, entry: Entry): boolean {
  if (name === 'package.json' || name === '.package-lock.json') return isBelowModules(entry.path);
  if (name === 'package-lock.json') return !`/${entry.path}`.includes('/node_modules/');
  return entry.type === 'symlink' && isBelowModules(entry.path);
}

const isBelowModules = (path: ByteString): boolean =>
  `/${path}`.includes('/node_modules/') || path.startsWith('usr/share/nodejs/');

function edgesOf(one: InstalledPackage, resolve: Resolve): PackageEdge[] {
  return [...requirements(one.manifest)].flatMap(([name, kind]) => {
    const target = resolve(one.directory, name);
    return target === undefined ? [] : [{ from: one.finding.key, to: target.finding.key, kind }];
  });
}

function asks(application: Application, resolve: Resolve): RootDependency[] {
  return [...requirements(application.manifest)].flatMap(([name, kind]) => {
    const target = resolve(application.directory, name);
    return target === undefined ? [] : [{ key: target.finding.key, kind }];
  });
}
