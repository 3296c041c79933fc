import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { succeed } from './workspace.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'package.json'));
const BASES = join(root, 'dist', 'base-images');
const PACKAGES = 'srv/packages';
const CONTROL = `Package: curl
Version: 1.0
Architecture: all
Maintainer: nobody <nobody@example.com>
Description: stands for the package of this name
`;

/**
 * The base images that the examples name, pushed under those names: Node, once with npm and a source of Debian packages,
 * once to run programs.
 */
export class ExampleBases {
  #layouts;
  #registry;

  static async make(directory, registry) {
    const bases = new ExampleBases();
    bases.#registry = registry;
    bases.#layouts = {
      build_image: await withDebianPackages('node-build', directory),
      run_image: join(BASES, 'node-run'),
    };
    return bases;
  }

  /** Pushes each base that a deployment file on this registry names. */
  async push(text) {
    const named = text.matchAll(/^ *(build_image|run_image): *(\S+)$/gm);
    for (const [, key, reference] of named)
      if (reference.startsWith(`${this.#registry}/`))
        await succeed('skopeo', [
          'copy',
          '--quiet',
          '--dest-tls-verify=false',
          `oci:${this.#layouts[key]}`,
          `docker://${reference}`,
        ]);
  }
}

/** A base image whose apt has one source, in the image itself: a mirror would be another thing that can fail. */
async function withDebianPackages(name, directory) {
  const { packLayer, readLayout, Store, writeLayout } = require('@nx-nixpack/oci');
  const deb = await debianPackage(join(directory, 'deb'));
  const store = Store.open(join(directory, 'layers'));
  const files = {
    'etc/apt/sources.list': Buffer.from(`deb [trusted=yes] file:/${PACKAGES} ./\n`),
    [`${PACKAGES}/Packages`]: Buffer.from(indexOf(deb)),
    [`${PACKAGES}/curl.deb`]: readFileSync(deb),
  };
  const layer = await packLayer(entries(files), store, { mtime: 0 });
  const image = await readLayout(join(BASES, name), { platform: 'linux/amd64' });
  const layout = join(directory, name);
  await writeLayout(image.append(layer), layout, store);
  return layout;
}

async function debianPackage(directory) {
  const tree = join(directory, 'tree');
  for (const folder of ['DEBIAN', 'usr/bin']) mkdirSync(join(tree, folder), { recursive: true });
  writeFileSync(join(tree, 'DEBIAN', 'control'), CONTROL);
  writeFileSync(join(tree, 'usr', 'bin', 'curl'), '#!/bin/sh\necho curl\n', { mode: 0o755 });
  const file = join(directory, 'curl.deb');
  await succeed('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
  return file;
}

function indexOf(deb) {
  const digest = createHash('sha256').update(readFileSync(deb)).digest('hex');
  return `${CONTROL}Filename: ./curl.deb\nSize: ${statSync(deb).size}\nSHA256: ${digest}\n`;
}

const entries = (files) =>
  Object.entries(files)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, content]) => ({
      type: 'file',
      path,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: content.length,
      open: () => [content],
    }));
