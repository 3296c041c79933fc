import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { installPlugin } from '../pack-plugin.mjs';
import { root } from '../root.mjs';
import { run } from '../setup/command.mjs';

const EXAMPLE = join(root, 'examples', 'shop');
const DEPLOYMENT = 'deployments/shop.yaml';
/** A commit that is the same wherever and whenever the copy is made. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'shop',
  GIT_AUTHOR_EMAIL: 'shop@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'shop',
  GIT_COMMITTER_EMAIL: 'shop@example.com',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/**
 * Makes the working copy where there is none (source, packages, plugin, commit), and points one that is there at the bases
 * and the registry of this run. What a user edited in it stays.
 *
 * @param {{ directory: string, registry: string, bases?: string, store?: string }} options
 *   bases: directory of the base images' layouts, when there are any: else Debian brings the tools; store: of the builds, when it is not the user's own
 */
export async function prepareWorkspace({ directory, registry, bases, store }) {
  const fresh = !existsSync(join(directory, 'nx.json'));
  if (fresh) copyExample(directory);
  if (bases) linkBases(directory, bases);
  else useDebian(directory);
  setRegistry(directory, registry);
  if (store) rememberStore(directory, store);
  await installPackages(directory);
  if (fresh) await commitAll(directory);
}

function copyExample(directory) {
  mkdirSync(directory, { recursive: true });
  const generated = new Set(['node_modules', 'dist', '.nx', '.bases', '.git']);
  cpSync(EXAMPLE, directory, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !generated.has(basename(path)),
  });
}

function linkBases(directory, bases) {
  const link = join(directory, '.bases');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(bases, link);
}

/** What `init` writes and a stranger's deployment file says: neither a toolchain nor a base. */
function useDebian(directory) {
  edit(join(directory, DEPLOYMENT), (text) =>
    text.replaceAll(/^ +(?:toolchain|build_image|run_image): .*\n/gm, ''),
  );
  const plugin = { plugin: 'nx-nixpack', options: { toolchain: 'debian' } };
  edit(join(directory, 'nx.json'), (text) =>
    text.replace(/"plugins": \["nx-nixpack"\]/, `"plugins": [${JSON.stringify(plugin)}]`),
  );
}

/** Nx gives the variables of this file to its tasks, so that `nx run api:build-image` finds the store of the demo again. */
function rememberStore(directory, store) {
  writeFileSync(join(directory, '.env'), `NX_NIXPACK_STORE=${JSON.stringify(store)}\n`);
}

/** The example names the registry once, in the context of target dev. */
function setRegistry(directory, registry) {
  edit(join(directory, DEPLOYMENT), (text) =>
    text.replace(/(dev:\s+labels: [^\n]*\n\s+context: \{ registry: ')[^']*'/, `$1${registry}'`),
  );
}

function edit(path, change) {
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  if (changed !== text) writeFileSync(path, changed);
}

async function installPackages(directory) {
  if (!existsSync(join(directory, 'node_modules', 'nx'))) {
    console.log('=== install the packages of the working copy');
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory });
  }
  await installPlugin(directory);
}

async function commitAll(directory) {
  const git = (...args) =>
    run('git', args, {
      cwd: directory,
      env: { ...process.env, ...IDENTITY, GIT_CONFIG_GLOBAL: '/dev/null' },
    });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'the shop');
}
