import { cpSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from '../../tools/root.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'package.json'));
const MAVEN = '/usr/share/maven';
/** Of no use at run time, and a third of the size. */
const UNUSED = /^(?:jmods|man|include|demo|lib\/(?:src\.zip|ct\.sym|security\/cacerts))$/;

/** Why no base with Maven can be made of this machine's own; undefined when it can. */
export const noMaven = () =>
  existsSync(MAVEN) && existsSync('/usr/bin/java') ? undefined : 'Debian’s maven is not installed';

/** A layout of a Debian base with this machine's Java and Maven, at `directory`. */
export async function mavenBase(directory, scratch) {
  const { packLayer, readLayout, Store, writeLayout } = require('@nx-nixpack/oci');
  const { diskTree } = require('@nx-nixpack/sdk/system');
  const { walk } = require('@nx-nixpack/base');
  const tree = join(scratch, 'maven-root');
  copyPrograms(tree);
  const files = diskTree(tree);
  const entries = [...walk(files)].map((entry) => ({
    ...entry,
    ...{ uid: 0, gid: 0 },
    open: () => files.open(entry.path),
  }));
  const store = Store.open(join(scratch, 'maven-store'));
  const layer = await packLayer(entries, store, { name: 'maven', mtime: 0 });
  const base = await readLayout(join(root, 'dist', 'base-images', 'node-build'), {
    platform: process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64',
  });
  await writeLayout(base.append({ ...layer, origin: 'base' }), directory);
}

function copyPrograms(tree) {
  const java = dirname(dirname(realpathSync('/usr/bin/java')));
  const filter = (path) => !UNUSED.test(relative(java, path));
  mkdirSync(join(tree, 'usr', 'bin'), { recursive: true });
  cpSync(java, join(tree, 'usr', 'lib', 'jvm', 'java'), {
    recursive: true,
    dereference: true,
    filter,
  });
  cpSync(MAVEN, join(tree, MAVEN), { recursive: true, dereference: true });
}
