import { readFileSync, writeFileSync } from 'node:fs';
import { run, SetupError } from '../setup/command.mjs';
import { releaseCodename } from './apt-sources.mjs';
import { goToolchain, newestNpm } from './artifacts.mjs';
import { ARTIFACTS, SETS } from './images.mjs';

const LOCK = new URL('lock.json', import.meta.url);

/**
 * @typedef {{ schemaVersion: 1, distribution: string, architecture: string,
 *   sets: Record<string, import('./apt-view.mjs').LockedPackage[]>,
 *   npm: Record<string, import('./artifacts.mjs').LockedNpm>,
 *   go: Record<string, import('./artifacts.mjs').LockedGo> }} Lock
 */

/** @returns {Lock} */
export function readLock() {
  const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
  if (lock.schemaVersion === 1) return lock;
  throw new SetupError('lock.json is of another version', 'Run node tools/base-images.mjs lock.');
}

/** One package a line, so that a refresh reads well as a difference. */
export function writeLock(lock) {
  const text = JSON.stringify(lock, null, 2);
  writeFileSync(
    LOCK,
    `${text.replace(/\{[^{}]*\}/g, (object) => object.replace(/\s*\n\s*/g, ' '))}\n`,
  );
}

/** What the mirrors and registries have now. */
export async function currentLock(view, cache) {
  await view.update();
  return {
    schemaVersion: 1,
    distribution: releaseCodename(),
    architecture: 'amd64',
    sets: await currentSets(view),
    npm: await currentNpm(),
    go: await currentGo(cache),
  };
}

/** The packages of every set; a set that stands on another lists only what it adds. */
export async function currentSets(view) {
  const sets = {};
  for (const [name, { on, packages }] of Object.entries(SETS)) {
    const all = await view.resolve([...(on === undefined ? [] : SETS[on].packages), ...packages]);
    const below = new Set((sets[on] ?? []).map((entry) => entry.name));
    sets[name] = all.filter((entry) => !below.has(entry.name));
  }
  return sets;
}

export async function currentNpm() {
  const npm = {};
  for (const { npm: name, range } of Object.values(ARTIFACTS))
    if (name !== undefined) npm[name] = await newestNpm(name, range);
  return npm;
}

async function currentGo(cache) {
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Version}}', 'go@latest'], {
    cwd: '/',
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local' },
  });
  const version = `go${stdout.trim()}`;
  const { sum } = await goToolchain(version, cache);
  return { 'golang.org/toolchain': { version, sum } };
}

/** One line for each package whose version is not that of the lock. */
export function differences(before, after) {
  const lines = [];
  for (const [set, packages] of Object.entries(after)) {
    const old = new Map((before[set] ?? []).map(({ name, version }) => [name, version]));
    for (const { name, version } of packages) {
      if (old.get(name) !== version)
        lines.push(`${set}: ${name} ${old.get(name) ?? '-'} -> ${version}`);
      old.delete(name);
    }
    for (const [name, version] of old) lines.push(`${set}: ${name} ${version} -> -`);
  }
  return lines;
}
