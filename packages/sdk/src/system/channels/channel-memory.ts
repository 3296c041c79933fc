import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commitFile, compareText, readPlainFile } from '@nx-nixpack/base';
import type { ChannelMemory } from '@nx-nixpack/channels';

/** Indexes of releases: a handful is in use at a time, each of some ten megabytes. */
const MOST_FILES = 24;
const MAX_BYTES = 256 * 1024 * 1024;

/** A folder of files by name; the oldest go when there are too many. Whoever reads one compares it with what it must be. */
export function channelMemory(directory: string): ChannelMemory {
  return {
    read: (name) => {
      const bytes = readPlainFile(join(directory, checked(name)), MAX_BYTES);
      return 'problem' in bytes ? undefined : bytes;
    },
    write: (name, content) => {
      commitFile(join(directory, checked(name)), content);
      forget(directory);
    },
  };
}

function checked(name: string): string {
  if (/^[a-z0-9][a-z0-9.-]*$/.test(name)) return name;
  throw new Error(`"${name}" is not a name for what a channel remembers`);
}

function forget(directory: string): void {
  const names = readdirSync(directory);
  if (names.length <= MOST_FILES) return;
  const aged = names.map((name) => ({ name, age: ageOf(join(directory, name)) }));
  aged.sort((a, b) => a.age - b.age || compareText(a.name, b.name));
  for (const { name } of aged.slice(0, names.length - MOST_FILES))
    rmSync(join(directory, name), { force: true });
}

/** Another process may have removed it already. */
const ageOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
