import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bytes, encodeText, type Runner } from '@nx-nixpack/base';
import { HERE } from './requests.contract.js';
import { Image, packLayer, type PackEntry, type Store } from '@nx-nixpack/oci';

const PROGRAMS = [
  ...[
    'bash',
    'cat',
    'chmod',
    'chown',
    'cksum',
    'cp',
    'cut',
    'date',
    'dd',
    'env',
    'find',
    'getcap',
    'grep',
    'head',
    'id',
    'ln',
    'ls',
  ],
  ...[
    'mkdir',
    'mkfifo',
    'mknod',
    'mount',
    'mv',
    'perl',
    'readlink',
    'rm',
    'rmdir',
    'setcap',
    'sleep',
    'sort',
    'stat',
  ],
  ...['tail', 'touch', 'truncate', 'uname', 'wc'],
];
const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What Debian's does: it resets PATH, then reads /etc/profile.d. */
const PROFILE = `PATH=/usr/local/bin:/usr/bin:/bin
export PATH
for file in /etc/profile.d/*.sh; do if [ -r "$file" ]; then . "$file"; fi; done
`;

/** A base image of this machine's own bash and a few programs: made in moments and without a network. */
export async function hostBase(runner: Runner, store: Store): Promise<Image> {
  const tree = new Map<string, PackEntry>();
  for (const path of [
    'etc/profile.d',
    'home',
    'opt',
    'srv/data',
    'usr/bin',
    'usr/lib',
    'usr/lib64',
    'var/lib/apt/lists',
  ])
    addDirectories(tree, path);
  for (const [name, target] of [
    ['bin', 'usr/bin'],
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib64'],
  ] as const)
    tree.set(name, { ...common(name), type: 'symlink', mode: 0o777, target: encodeText(target) });
  tree.set('root', { ...common('root'), type: 'directory', mode: 0o700 });
  addFile(tree, 'etc/profile', PROFILE);
  addFile(tree, 'etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
  addFile(tree, 'etc/group', 'root:x:0:\n');
  addFile(tree, 'opt/first', 'one file, two names\n');
  tree.set('opt/second', {
    ...common('opt/second'),
    type: 'hardlink',
    mode: 0o644,
    target: bytes`opt/first`,
  });
  for (const name of ['deep/a', 'deep/b', 'gone', 'replaced', 'same'])
    addFile(tree, `srv/data/${name}`, `${name}\n`);
  for (const name of PROGRAMS) await addProgram(runner, tree, name);
  const entries = [...tree.values()].sort((a, b) => compareParts(a.path, b.path));
  const layer = await packLayer(entries, store, { name: 'host', mtime: 0 });
  return Image.scratch(HERE)
    .append({ ...layer, origin: 'base' })
    .configure({ Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] });
}

async function addProgram(
  runner: Runner,
  tree: Map<string, PackEntry>,
  name: string,
): Promise<void> {
  const found = PATH.map((directory) => join(directory, name)).find((path) =>
    lstatSync(path, { throwIfNoEntry: false }),
  );
  if (found === undefined) return;
  addCopy(tree, found, `usr/bin/${name}`);
  const { stdout } = await runner.run({
    file: 'ldd',
    args: [found],
    env: { PATH: PATH.join(':'), LC_ALL: 'C' },
  });
  for (const [library] of stdout.toString('utf8').matchAll(/\/\S+/g))
    if (!library.endsWith(':')) addCopy(tree, library, inImage(library));
}

/** Below the real directories: /lib is a link in the image as it is on most machines. */
const inImage = (path: string): string =>
  path.slice(1).replace(/^(bin|lib|lib64)\//, (_all, name: string) => `usr/${name}/`);

function addCopy(tree: Map<string, PackEntry>, source: string, path: string): void {
  addDirectories(tree, dirname(path));
  const content = readFileSync(realpathSync(source));
  tree.set(path, {
    ...common(path),
    type: 'file',
    mode: 0o755,
    size: content.byteLength,
    open: () => [content],
  });
}

function addFile(tree: Map<string, PackEntry>, path: string, text: string): void {
  addDirectories(tree, dirname(path));
  tree.set(path, {
    ...common(path),
    type: 'file',
    mode: 0o644,
    size: text.length,
    open: () => [Buffer.from(text)],
  });
}

function addDirectories(tree: Map<string, PackEntry>, path: string): void {
  if (path === '.' || tree.has(path)) return;
  addDirectories(tree, dirname(path));
  tree.set(path, { ...common(path), type: 'directory', mode: 0o755 });
}

const common = (path: string) => ({ path: encodeText(path), uid: 0, gid: 0, size: 0 });

function compareParts(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at] as string) < (right[at] ?? '') ? -1 : 1;
}
