import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { run } from './setup/command.mjs';

/** The packages that users get, in any order: npm sorts out what needs what. */
export function publishablePackages() {
  const folders = readdirSync(join(root, 'packages')).sort();
  return folders.filter((folder) => !manifestOf(folder).private);
}

const manifestOf = (folder) =>
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));

/** Packs every publishable package as npm would publish it. Returns the paths of the tarballs. */
export async function packAll(directory) {
  for (const folder of publishablePackages())
    await run('npm', ['pack', '--silent', '--pack-destination', directory], {
      cwd: join(root, 'packages', folder),
    });
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name));
}

/** Installs the packed plugin into a workspace as a user would, unless this very one is there already. */
export async function installPlugin(workspace) {
  const stamp = join(workspace, 'node_modules', '.nx-nixpack-packed');
  const wanted = builtDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const directory = mkdtempSync(join(tmpdir(), 'nx-nixpack-pack-'));
  try {
    console.log('=== install the plugin into the working copy');
    const tarballs = await packAll(directory);
    await run(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', '--no-package-lock', ...tarballs],
      { cwd: workspace },
    );
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Digest of everything that would be packed. */
function builtDigest() {
  const hash = createHash('sha256');
  for (const folder of publishablePackages()) {
    const base = join(root, 'packages', folder);
    const names = readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter(
        (path) =>
          !path.includes('/node_modules/') &&
          !path.endsWith('.ts') &&
          !path.endsWith('.tsbuildinfo'),
      );
    for (const path of names.sort())
      hash.update(path.slice(base.length)).update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}
