import { cpSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { json } from './workspace.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'test-support', 'tampering.cjs'));
const { FILE_TAMPERINGS, FOLDER_TAMPERINGS } = require('./tampering.cjs');

const FILES = {
  build: [
    'image.json',
    'seal',
    'oci/index.json',
    'oci/oci-layout',
    'manifest',
    'configuration',
    'layer',
  ],
  sbom: ['sbom.json', 'sbom.cdx.json', 'seal'],
};
const FOLDERS = { build: ['', 'oci', 'oci/blobs'], sbom: [''] };
/** Nx waits for ever for the other end of a FIFO that it copies, before a task of ours is asked. */
const NOT_BY_NX = 'a FIFO';
/** Those that npm test tries: [task, kind, tampering]. NIXPACK_TAMPERINGS=all tries every one. */
const CHOSEN = [
  ['build', '', 'that of an older build'],
  ['build', '', 'swapped for that of another component'],
  ['build', 'layer', 'with another byte in the middle'],
  ['build', 'image.json', 'a link to what it was'],
  ['sbom', '', 'that of an older build'],
  ['sbom', 'sbom.cdx.json', 'with another byte in the middle'],
];

export function tamperedCases() {
  if (process.env.NIXPACK_TAMPERINGS !== 'all') return CHOSEN;
  const all = (task, kinds, tamperings) =>
    kinds.flatMap((kind) => Object.keys(tamperings).map((name) => [task, kind, name]));
  return ['build', 'sbom']
    .flatMap((task) => [
      ...all(task, FILES[task], FILE_TAMPERINGS),
      ...all(task, FOLDERS[task], FOLDER_TAMPERINGS),
    ])
    .filter(([, , name]) => name !== NOT_BY_NX);
}

/** What Nx has put away of the tasks of a component, which ran last, and what another and an older build left there. */
export class CacheEntries {
  #shop;
  #name;
  #entries = {};

  constructor(shop, name) {
    this.#shop = shop;
    this.#name = name;
    this.#entries = {
      build: this.#entry('build-image', 'image'),
      sbom: this.#entry('sbom', 'sbom'),
    };
  }

  #entry(target, folder) {
    const { tasks } = json(this.#shop.path('.nx', 'cache', 'run.json'));
    const { hash } = tasks.find(({ taskId }) => taskId === `${this.#name}:${target}`);
    const outputs = ['dist', 'nixpack', 'shop', 'nixpack', this.#name, folder];
    return this.#shop.path('.nx', 'cache', hash, ...outputs);
  }

  /** Keeps copies of the entries below a directory, which is also where `other` and `older` look for them. */
  keep(directory) {
    for (const [task, path] of Object.entries(this.#entries))
      cpSync(path, join(directory, task), { recursive: true });
  }

  restore(directory) {
    for (const [task, path] of Object.entries(this.#entries)) {
      rmSync(path, { recursive: true, force: true });
      cpSync(join(directory, task), path, { recursive: true });
    }
  }

  /** Returns whether anything is another than before. */
  tamper([task, kind, name], { good, other, older }) {
    const at = (folder) => locate(folder, kind);
    const place = {
      path: at(this.#entries[task]),
      other: at(join(other, task)),
      older: at(join(older, task)),
    };
    const isFolder = lstatSync(place.path).isDirectory();
    (isFolder ? FOLDER_TAMPERINGS : FILE_TAMPERINGS)[name](place);
    return isFolder || !isSame(place.path, at(join(good, task)));
  }
}

/** Where a kind of file lies in the folder of a task. */
function locate(folder, kind) {
  if (kind === '' || /[./]|seal|oci/.test(kind)) return join(folder, kind);
  const blobs = join(folder, 'oci', 'blobs', 'sha256');
  const [{ digest, layers }] = Object.values(json(join(folder, 'image.json')).platforms);
  const manifest = digest.slice('sha256:'.length);
  const names = layers.map((layer) => layer.digest.slice('sha256:'.length));
  const configuration = readdirSync(blobs).find((name) => ![manifest, ...names].includes(name));
  return join(blobs, { manifest, configuration, layer: names.at(-1) }[kind]);
}

function isSame(path, original) {
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile && readFileSync(path).equals(readFileSync(original));
}
