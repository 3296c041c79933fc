import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  compressionProfile,
  hexOf,
  Image,
  layerFromStore,
  packLayer,
  Store,
} from '@nx-nixpack/oci';
import { userCache } from '../setup/cache.mjs';
import { run, SetupError } from '../setup/command.mjs';
import { AptView } from './apt-view.mjs';
import { newestNpm, npmTarball } from './artifacts.mjs';
import { extendRoot, makeRoot } from './debian-root.mjs';
import { ARTIFACTS, IMAGE_NAMES, IMAGES, PATH, SETS } from './images.mjs';
import { currentSets, differences, readLock } from './lock.mjs';
import { layerEntries } from './root-tree.mjs';
import { makeScratch } from './scratch.mjs';
import { stageArtifact } from './stage-artifact.mjs';

/**
 * Composes base images from the lock and leaves each as an OCI layout `<out>/<name>`. What is there already stays.
 *
 * @param {{ out: string, cache?: string, names?: readonly string[], locked?: boolean, log?: (line: string) => void }} options
 *   locked: stop when a mirror no longer has a locked version, instead of taking the current one
 * @returns {Promise<{ name: string, directory: string, digest: string, size: number, seconds: number }[]>}
 */
export async function buildBaseImages(options) {
  const { names = IMAGE_NAMES } = options;
  const unknown = names.filter((name) => IMAGES[name] === undefined);
  if (unknown.length > 0)
    throw new SetupError(`no base image "${unknown[0]}"`, `There are ${IMAGE_NAMES.join(', ')}.`);
  const composer = new Composer(options);
  const umask = process.umask(0o022); // modes of directories end up in layers
  try {
    const built = [];
    for (const name of names) built.push(await composer.image(name));
    return built;
  } finally {
    process.umask(umask);
    composer.close();
  }
}

/** Everything but the lock that decides what a layer looks like: these files and the compression. */
function toolKey() {
  const folder = new URL('.', import.meta.url);
  const hash = createHash('sha256').update(JSON.stringify(compressionProfile()));
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .sort())
    hash.update(name).update(readFileSync(new URL(name, folder)));
  return hash.digest('hex');
}

class Composer {
  #out;
  #cache;
  #locked;
  #log;
  #store;
  #lock = readLock();
  #toolKey = toolKey();
  #scratch;
  #roots = new Map();
  #downloaded;

  constructor({ out, cache = userCache(), locked = false, log = () => {} }) {
    this.#out = resolve(out);
    this.#cache = resolve(cache);
    this.#locked = locked;
    this.#log = log;
    this.#store = Store.open(join(this.#cache, 'base-layers'));
  }

  async image(name) {
    const start = performance.now();
    const { set, artifacts } = IMAGES[name];
    const layers = [];
    for (const each of chain(set)) layers.push(await this.#setLayer(each));
    for (const artifact of artifacts) layers.push(await this.#artifactLayer(artifact));
    const image = Image.scratch('linux/amd64')
      .append(...layers)
      .configure({ Env: [`PATH=${PATH}`], Cmd: ['/bin/bash'] });
    const directory = join(this.#out, name);
    writeLayout(image, directory, this.#store);
    const seconds = (performance.now() - start) / 1000;
    return { name, directory, digest: image.digest, size: image.size, seconds };
  }

  close() {
    this.#scratch?.remove();
  }

  async #setLayer(set) {
    await this.#replaceWhatIsGone(set);
    return this.#layer(this.#setKey(set), set, async () => {
      const { on } = SETS[set];
      const upper = await this.#root(set);
      return on === undefined ? { upper } : { upper, lower: await this.#root(on) };
    });
  }

  #setKey(set) {
    return JSON.stringify([this.#toolKey, chain(set).map((each) => this.#lock.sets[each])]);
  }

  async #artifactLayer(artifact) {
    const { npm, go } = ARTIFACTS[artifact];
    await this.#replaceNpmWhenGone(npm);
    const locked = npm === undefined ? this.#lock.go[go] : this.#lock.npm[npm];
    return this.#layer(JSON.stringify([this.#toolKey, artifact, locked]), artifact, async () => {
      const stage = join(this.#scratchDirectory(), `stage-${artifact}`);
      await stageArtifact(artifact, { lock: this.#lock, stage, cache: this.#cache });
      return { upper: stage, lower: await this.#skeleton(), whiteouts: false };
    });
  }

  /** The directories that every root has and that a staged artifact only passes through. */
  async #skeleton() {
    const skeleton = join(this.#scratchDirectory(), 'skeleton');
    for (const path of ['bin', 'include', 'lib', 'share'])
      mkdirSync(join(skeleton, 'usr/local', path), { recursive: true, mode: 0o755 });
    return skeleton;
  }

  /** A finished layer of before, or a new one. */
  async #layer(key, name, trees) {
    const known = this.#store.readRecord('layers', key);
    if (known !== undefined && this.#store.has(known.digest))
      return layerFromStore(this.#store, known);
    this.#log(`${name}: composing`);
    const entries = layerEntries(await trees());
    const { open: _open, ...layer } = await packLayer(entries, this.#store, { name, mtime: 0 });
    this.#store.writeRecord('layers', key, layer);
    return layerFromStore(this.#store, layer);
  }

  async #root(set) {
    const made = this.#roots.get(set);
    if (made !== undefined) return made;
    const { on } = SETS[set];
    const root = join(this.#scratchDirectory(), `root-${set}`);
    const debs = join(this.#cache, 'debs');
    if (on === undefined) {
      const scratch = join(this.#scratchDirectory(), `scratch-${set}`);
      mkdirSync(scratch);
      await makeRoot(this.#lock.sets[set], { debs, root, scratch });
    } else {
      await run('cp', ['-a', await this.#root(on), root]);
      await extendRoot(this.#lock.sets[set], { debs, root });
    }
    this.#roots.set(set, root);
    return root;
  }

  #scratchDirectory() {
    if (this.#scratch === undefined) {
      if (process.getuid?.() !== 0)
        throw new SetupError('base images are composed by root', 'Run the command as root.');
      this.#scratch = makeScratch();
    }
    return this.#scratch.directory;
  }

  /** Downloads all locked packages once; what is gone is replaced by what the mirrors have now, all sets together. */
  async #replaceWhatIsGone(set) {
    const key = this.#setKey(set);
    const known = this.#store.readRecord('layers', key);
    if (known !== undefined && this.#store.has(known.digest)) return;
    this.#downloaded ??= this.#download();
    await this.#downloaded;
  }

  async #download() {
    const view = await AptView.open(join(this.#cache, 'apt'));
    const debs = join(this.#cache, 'debs');
    const gone = await view.download(Object.values(this.#lock.sets).flat(), debs);
    if (gone.length === 0) return;
    const list = summary(gone);
    if (this.#locked)
      throw new SetupError(
        `no mirror has these locked packages any more: ${list}`,
        'Refresh the lock (node tools/base-images.mjs lock), or build without --locked.',
      );
    this.#log(`no mirror has these locked packages any more: ${list}`);
    await view.update();
    const sets = await currentSets(view);
    for (const line of differences(this.#lock.sets, sets)) this.#log(`  current: ${line}`);
    this.#lock = { ...this.#lock, sets };
    const missing = await view.download(Object.values(sets).flat(), debs);
    if (missing.length > 0)
      throw new SetupError(
        `no mirror has ${missing[0].name} ${missing[0].version}, which apt wants`,
      );
  }

  async #replaceNpmWhenGone(name) {
    if (name === undefined) return;
    const locked = this.#lock.npm[name];
    try {
      await npmTarball(name, locked, this.#cache);
    } catch (error) {
      const isGone = /E404|ETARGET|notarget/.test(error.message);
      if (!isGone) throw error;
      const message = `the registry no longer has ${name}@${locked.version}`;
      if (this.#locked)
        throw new SetupError(message, 'Refresh the lock, or build without --locked.');
      const { range } = Object.values(ARTIFACTS).find((artifact) => artifact.npm === name);
      const current = await newestNpm(name, range);
      this.#log(`${message}; current: ${current.version}`);
      this.#lock = { ...this.#lock, npm: { ...this.#lock.npm, [name]: current } };
    }
  }
}

function summary(packages) {
  const names = packages.map(({ name, version }) => `${name} ${version}`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}`;
}

const chain = (set) => [...(SETS[set].on === undefined ? [] : [SETS[set].on]), set];

/** An OCI image layout whose blobs are hard links into the store where that is possible; written as a whole. */
function writeLayout(image, directory, store) {
  if (holds(directory, image)) return;
  const temporary = `${directory}.${process.pid}.new`;
  rmSync(temporary, { recursive: true, force: true });
  const blobs = join(temporary, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  for (const { digest } of image.layers)
    linkOrCopy(store.blobPath(digest), join(blobs, hexOf(digest)));
  writeFileSync(join(blobs, hexOf(image.configDescriptor.digest)), image.configBytes);
  writeFileSync(join(blobs, hexOf(image.digest)), image.manifest);
  const { mediaType, digest, manifest } = image;
  const entry = { mediaType, digest, size: manifest.byteLength };
  writeFileSync(join(temporary, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(temporary, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [{ ...entry, platform: { architecture: 'amd64', os: 'linux' } }],
    }),
  );
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(dirname(directory), { recursive: true });
  renameSync(temporary, directory);
}

function holds(directory, image) {
  try {
    const { manifests } = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'));
    const blobs = [
      image.digest,
      image.configDescriptor.digest,
      ...image.layers.map((layer) => layer.digest),
    ];
    return (
      manifests[0].digest === image.digest &&
      blobs.every((digest) => existsSync(join(directory, 'blobs/sha256', hexOf(digest))))
    );
  } catch {
    return false;
  }
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // another file system
  }
}
