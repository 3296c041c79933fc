import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Not part of what a package does for its users. */
const FOR_TESTS = /\.(spec|contract|sample)\.ts$|\/(testing|fixtures|conformance)\//;

/** @returns {string[]} folder names below packages/ that npm publishes, sorted */
export function publishedPackages(checkout) {
  return readdirSync(join(checkout, 'packages'))
    .filter((folder) => existsSync(join(checkout, 'packages', folder, 'package.json')))
    .filter((folder) => !manifestOf(checkout, folder).private)
    .sort();
}

export const manifestOf = (checkout, folder) =>
  JSON.parse(readFileSync(join(checkout, 'packages', folder, 'package.json'), 'utf8'));

/** Absolute paths of a package's sources, in order; `all` with those that only tests use. */
export function sourcesOf(checkout, folder, all = false) {
  const source = join(checkout, 'packages', folder, 'src');
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => all || !FOR_TESTS.test(path))
    .sort();
}

/**
 * What npm would publish.
 *
 * @returns {{ size: number, unpackedSize: number, files: { path: string, size: number }[] }} sizes in bytes
 */
export function packed(checkout, folder) {
  const [result] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: join(checkout, 'packages', folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  return result;
}
