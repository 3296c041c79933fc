import { type ByteString, encodeText, type Entry, joinPath } from '@nx-nixpack/base';
import {
  type Asked,
  attempt,
  type Cataloger,
  type Finding,
  keyAt,
  type Problem,
} from '../cataloger.js';
import { baseName, type ImageView, parentOf } from '../image-view.js';
import { type JsonObject, readJsonObject, textOf } from '../json-object.js';
import { LockIntegrity } from '../npm/lock-integrity.js';
import { NodeModules } from '../npm/node-modules.js';
import {
  npmLicences,
  npmPurl,
  npmSupplier,
  packageName,
  requirements,
} from '../npm/package-json.js';
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
    const installed = new Map<ByteString, Installed>();
    for (const real of new Set(places.values())) {
      const found = attempt(joinPath(real, 'package.json'), problems, () =>
        readInstalled(real, image, integrity),
      );
      if (found) installed.set(real, found);
    }
    const resolve = resolver(places, installed);
    return {
      findings: [...installed.values()].map((one) => one.finding),
      edges: [...installed.values()].flatMap((one) => edgesOf(one, resolve)),
      asked: applications(places, installed, image).flatMap((application) =>
        asks(application, resolve),
      ),
      problems,
    };
  },
};

interface Installed {
  readonly directory: ByteString;
  readonly manifest: JsonObject;
  readonly finding: Finding;
}

type Resolve = (from: ByteString, name: string) => Installed | undefined;

function wantsName(name: ByteString, entry: Entry): boolean {
  if (name === 'package.json' || name === '.package-lock.json') return isBelowModules(entry.path);
  if (name === 'package-lock.json') return !`/${entry.path}`.includes('/node_modules/');
  return entry.type === 'symlink' && isBelowModules(entry.path);
}

const isBelowModules = (path: ByteString): boolean =>
  `/${path}`.includes('/node_modules/') || path.startsWith('usr/share/nodejs/');

/** Every place that Node resolves a package from, and the directory that really holds it. */
function packagePlaces(wanted: readonly Entry[], image: ImageView): Map<ByteString, ByteString> {
  const modules = new NodeModules();
  const places = new Map<ByteString, ByteString>();
  for (const { path, type } of wanted) {
    const place = baseName(path) === 'package.json' ? parentOf(path) : path;
    if (!modules.isPackagePlace(place) || (place === path && type !== 'symlink')) continue;
    const real = image.resolve(place);
    if (real !== undefined && image.isFile(joinPath(real, 'package.json'))) places.set(place, real);
  }
  return places;
}

/** Throws Unreadable. */
function readInstalled(
  directory: ByteString,
  image: ImageView,
  integrity: LockIntegrity,
): Installed {
  const place = joinPath(directory, 'package.json');
  const manifest = readJsonObject(image, place);
  const name = packageName(manifest, directory);
  const version = textOf(manifest['version']) ?? '';
  const purl = npmPurl(name, version);
  const supplier = npmSupplier(manifest, name);
  const description = textOf(manifest['description']);
  const details = {
    name,
    version,
    purl,
    licences: { declared: npmLicences(manifest) },
    hashes: integrity.hashes(directory, version),
    properties: {},
    ...(supplier !== undefined && { supplier }),
    ...(description !== undefined && { description }),
  };
  const finding: Finding = {
    key: keyAt(purl, directory),
    place,
    technique: 'manifest-analysis',
    package: details,
  };
  return { directory, manifest, finding };
}

/** Node's resolution: node_modules of the directory itself, then of each directory above it. */
function resolver(
  places: ReadonlyMap<ByteString, ByteString>,
  installed: ReadonlyMap<ByteString, Installed>,
): Resolve {
  return (from, name) => {
    const wanted = encodeText(name);
    for (let directory = from; ; directory = parentOf(directory)) {
      const modules = baseName(directory) === 'node_modules' || directory === 'usr/share/nodejs';
      const place = joinPath(modules ? directory : joinPath(directory, 'node_modules'), wanted);
      const found = installed.get(places.get(place) ?? '');
      if (found) return found;
      if (directory === '') return undefined;
    }
  };
}

function edgesOf(one: Installed, resolve: Resolve): PackageEdge[] {
  return [...requirements(one.manifest)].flatMap(([name, kind]) => {
    const target = resolve(one.directory, name);
    return target === undefined ? [] : [{ from: one.finding.key, to: target.finding.key, kind }];
  });
}

interface Application {
  readonly directory: ByteString;
  readonly manifest: JsonObject;
}

/** Directories that hold a node_modules and are no package themselves. A manifest that is no JSON is the application's own matter. */
function applications(
  places: ReadonlyMap<ByteString, ByteString>,
  installed: ReadonlyMap<ByteString, Installed>,
  image: ImageView,
): Application[] {
  const holders = new Set([...places.keys()].map((place) => holderOf(place)));
  return [...holders].flatMap((directory) => {
    const path = joinPath(directory, 'package.json');
    if (installed.has(directory) || !image.isFile(path)) return [];
    const manifest = attempt(path, [], () => readJsonObject(image, path));
    return manifest === undefined ? [] : [{ directory, manifest }];
  });
}

/** The directory above the outermost node_modules. */
function holderOf(place: ByteString): ByteString {
  const modules = `/${place}`.indexOf('/node_modules/');
  return modules < 0 ? parentOf(place) : place.slice(0, Math.max(0, modules - 1));
}

function asks(application: Application, resolve: Resolve): Asked[] {
  return [...requirements(application.manifest)].flatMap(([name, kind]) => {
    const target = resolve(application.directory, name);
    return target === undefined ? [] : [{ key: target.finding.key, kind }];
  });
}
