import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecialFiles } from '../special-files.js';

/** Makes devices and FIFOs as root, in a private directory below `top`. */
export function specialByTar(top: string): SpecialFiles {
  const directory = join(top, 'special');
  mkdirSync(directory, { mode: 0o700 });
  const unpack = (input: Uint8Array): void =>
    void execFileSync('tar', ['--extract', '--directory', directory], { input });
  return { directory, unpack };
}
