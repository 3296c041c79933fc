import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Place {
  /** The file or folder that is tampered with. */
  readonly path: string;
  /** The same of another component, and of an older build of this one. */
  readonly other: string;
  readonly older: string;
}

type Tampering = (place: Place) => void;

/** What is done to a file or a folder alike. */
const TO_BOTH: Readonly<Record<string, Tampering>> = {
  'swapped for that of another component': ({ path, other }) => replace(path, other),
  'that of an older build': ({ path, older }) => replace(path, older),
  deleted: ({ path }) => rmSync(path, { recursive: true }),
  'a link to what it was': ({ path }) => {
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
  },
  'a FIFO': ({ path }) => {
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
  },
};

/** Everything that is done to a file which a cache or another process may have had in its hands. */
export const FILE_TAMPERINGS: Readonly<Record<string, Tampering>> = {
  ...TO_BOTH,
  'with another first byte': ({ path }) => flip(path, 0),
  'with another byte in the middle': ({ path }) => flip(path, 0.5),
  'with another last byte': ({ path }) => flip(path, 1),
  truncated: ({ path }) => truncateSync(path, lstatSync(path).size - 1),
  longer: ({ path }) => writeFileSync(path, '\n', { flag: 'a' }),
  empty: ({ path }) => truncateSync(path, 0),
  'a directory': ({ path }) => {
    rmSync(path);
    mkdirSync(path);
  },
  'a link to a device': ({ path }) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
};

export const FOLDER_TAMPERINGS: Readonly<Record<string, Tampering>> = {
  ...TO_BOTH,
  emptied: ({ path }) => {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  },
  'a file': ({ path }) => {
    rmSync(path, { recursive: true });
    writeFileSync(path, '{}');
  },
};

function replace(path: string, source: string): void {
  rmSync(path, { recursive: true });
  cpSync(source, path, { recursive: true });
}

/** Changes one bit at a fraction of the file. */
function flip(path: string, fraction: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor((bytes.byteLength - 1) * fraction);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
