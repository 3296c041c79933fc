import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { TamperedStore } from './tampered-store.contract.js';

export interface TamperCase {
  readonly name: string;
  readonly damage: (store: TamperedStore) => void;
  /** Whether the build phase runs anew, so that snapshots are used; by default nothing does, and records and blobs are. */
  readonly anew?: boolean;
  /** Whether the build must say so. */
  readonly noticed?: boolean;
}

type Act = (path: string, store: TamperedStore) => void;

/** What can happen to any file. Times of modification are put back where that is possible. */
const ACTS: Readonly<Record<string, Act>> = {
  'one bit flipped': keepingTime((path) => {
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }),
  'cut off': keepingTime((path) => truncateSync(path, Math.floor(lstatSync(path).size / 2))),
  emptied: keepingTime((path) => truncateSync(path, 0)),
  'made longer': keepingTime((path) => appendFileSync(path, 'x')),
  deleted: (path) => rmSync(path),
  'replaced by a link to a copy of it': (path, store) => {
    const copy = join(store.path, `copy-of-${basename(path)}`);
    rmSync(copy, { force: true });
    renameSync(path, copy);
    symlinkSync(copy, path);
  },
  'replaced by a link to nothing': (path) =>
    replace(path, () => symlinkSync('/nowhere/at/all', path)),
  'replaced by a FIFO': (path) => replace(path, () => execFileSync('mkfifo', [path])),
  'replaced by a directory': (path) =>
    replace(path, () => mkdirSync(join(path, 'inside'), { recursive: true })),
};

interface Damaged extends Pick<TamperCase, 'anew'> {
  readonly find: (store: TamperedStore) => readonly string[];
  /** Default: some of the acts. */
  readonly every?: boolean;
}

const FILES: Readonly<Record<string, Damaged>> = {
  'a file of the base': { find: (store) => [join(base(store), 'tree/etc/profile')], anew: true },
  'what a step left': {
    find: (store) => [join(installed(store), 'tree/opt/installed')],
    anew: true,
    every: true,
  },
  'a file of the source': {
    find: (store) => [join(source(store), 'tree/main.txt')],
    anew: true,
  },
  'the seal of a step': {
    find: (store) => [join(installed(store), 'seal')],
    anew: true,
    every: true,
  },
  'the seal of the base': { find: (store) => [join(base(store), 'seal')], anew: true },
  'the records of layers': { find: (store) => store.files('embedded-layers'), every: true },
  'the records of what copies read': { find: (store) => store.files('embedded-reads') },
  'the records of bases': { find: (store) => store.files('base-facts') },
  'the blobs of own layers': { find: (store) => store.ownBlobs, every: true },
  'the manifest of the base': { find: (store) => [store.baseBlobs[2]] },
  'the configuration of the base': { find: (store) => [store.baseBlobs[1]] },
};

const base = (store: TamperedStore): string => store.snapshotsWith('usr/bin/bash')[0] ?? '';
const installed = (store: TamperedStore): string =>
  store.snapshotsWith('opt/installed', 'usr')[0] ?? '';

/** Forgets what was copied from the source, so that it is used. */
function source(store: TamperedStore): string {
  for (const path of store.snapshotsWith('app/main.txt')) rmSync(path, { recursive: true });
  return store.snapshotsWith('main.txt')[0] ?? '';
}

/** What is enough where the same reader was met by all of them already. */
const SOME: ReadonlySet<string> = new Set(['one bit flipped', 'deleted', 'replaced by a FIFO']);

/** What can happen to whole folders, to several things at once, and to what no file's content shows. */
const MORE: readonly TamperCase[] = [
  ...swaps(),
  noticed('a mode of the base', true, (store) => chmodSync(join(base(store), 'tree/srv'), 0o777)),
  noticed('a set-user-id bit', true, (store) =>
    chmodSync(join(base(store), 'tree/usr/bin/cat'), 0o4755),
  ),
  noticed('a capability', true, (store) =>
    execFileSync('setcap', ['cap_net_raw=ep', join(base(store), 'tree/usr/bin/cat')]),
  ),
  noticed('a link of the base', true, (store) => {
    replace(join(base(store), 'tree/lib'), () =>
      symlinkSync('usr/share', join(base(store), 'tree/lib')),
    );
  }),
  noticed('a file more in a step', true, (store) =>
    writeFileSync(join(installed(store), 'tree/opt/more'), ''),
  ),
  noticed('a hard link broken up', true, (store) => {
    const path = join(base(store), 'tree/opt/second');
    const bytes = readFileSync(path);
    replace(path, () => writeFileSync(path, bytes));
  }),
  noticed('a snapshot that lost its tree', true, (store) =>
    rmSync(join(installed(store), 'tree'), { recursive: true }),
  ),
  noticed('a snapshot that is a file', true, (store) => {
    const path = installed(store);
    rmSync(path, { recursive: true });
    writeFileSync(path, '');
  }),
  noticed('everything that can be damaged', true, (store) => {
    for (const { find } of Object.values(FILES))
      for (const path of find(store)) ACTS['one bit flipped']?.(path, store);
    for (const snapshot of store.files('embedded/snapshots'))
      writeFileSync(join(snapshot, 'tree/damaged'), '');
    for (const path of [...store.ownBlobs, ...store.baseBlobs]) appendFileSync(path, 'x');
  }),
  ...[
    'base-facts',
    'blobs',
    'blobs/sha256',
    'embedded',
    'embedded-layers',
    'embedded-reads',
    'embedded/caches',
    'embedded/locks',
    'embedded/sessions',
    'embedded/snapshots',
    'embedded/trash',
    'scratch',
    'temporary',
  ].map((area, at) =>
    quiet(`the folder ${area} as a ${at % 2 === 0 ? 'FIFO' : 'link to nothing'}`, true, (store) => {
      const path = join(store.path, area);
      replace(path, () =>
        at % 2 === 0 ? execFileSync('mkfifo', [path]) : symlinkSync('/nowhere/at/all', path),
      );
    }),
  ),
  ...['FIFO', 'directory', 'link'].map((kind) =>
    quiet(`every lock as a ${kind}`, true, (store) => {
      const make = kind === 'FIFO' ? 'mkfifo' : kind === 'directory' ? 'mkdir' : 'ln';
      for (const path of store.files('embedded/locks'))
        replace(path, () =>
          execFileSync(make, make === 'ln' ? ['-s', '/nowhere/at/all', path] : [path]),
        );
    }),
  ),
  quiet('half an upload and strangers among the temporary files', false, (store) => {
    writeFileSync(join(store.path, 'temporary/1-2-3-4'), 'half');
    for (const folder of ['temporary', 'embedded/sessions', 'embedded/trash'])
      execFileSync('mkfifo', [join(store.path, folder, 'stranger')]);
  }),
  quiet('the base forgotten, and its blob with one bit flipped', false, (store) => {
    rmSync(base(store), { recursive: true });
    for (const path of store.files('base-facts')) rmSync(path);
    ACTS['one bit flipped']?.(store.baseBlobs[0], store);
  }),
  quiet('the base no longer unpacked, and its blob a FIFO', false, (store) => {
    rmSync(base(store), { recursive: true });
    ACTS['replaced by a FIFO']?.(store.baseBlobs[0], store);
  }),
];

/** Whole things at the place of another of their kind. */
function swaps(): TamperCase[] {
  const swap = (a: string, b: string): void => {
    renameSync(a, `${a}.swap`);
    renameSync(b, a);
    renameSync(`${a}.swap`, b);
  };
  return [
    noticed('two snapshots at the place of each other', true, (store) =>
      swap(installed(store), source(store)),
    ),
    noticed('a step with the tree of another', true, (store) =>
      swap(join(installed(store), 'tree'), join(source(store), 'tree')),
    ),
    noticed('a step with the seal of another', true, (store) =>
      swap(join(installed(store), 'seal'), join(source(store), 'seal')),
    ),
    noticed('a copy of a snapshot in its place', true, (store) => {
      const path = installed(store);
      cpSync(path, `${path}.copy`, { recursive: true, preserveTimestamps: true });
      rmSync(path, { recursive: true });
      renameSync(`${path}.copy`, path);
    }),
    ...['embedded-layers', 'embedded-reads'].map((area) =>
      quiet(`two records of ${area} at the place of each other`, false, (store) => {
        const files = store.files(area);
        files.slice(1).forEach((path, at) => swap(path, files[at] ?? ''));
      }),
    ),
    quiet('a record of another kind', false, (store) =>
      store
        .files('embedded-layers')
        .forEach((path) => cpSync(store.files('embedded-reads')[0] ?? '', path)),
    ),
    quiet('a layer record that says what another says', false, (store) => {
      const files = store.files('embedded-layers');
      const values = files.map((path) => parsed(path)['value']);
      files.forEach((path, at) =>
        writeFileSync(path, JSON.stringify({ ...parsed(path), value: values[at - 1] ?? {} })),
      );
    }),
    noticed('two blobs at the place of each other', false, (store) => {
      const files = store.ownBlobs;
      files.slice(1).forEach((path, at) => swap(path, files[at] ?? ''));
    }),
  ];
}

export const TAMPER_CASES: readonly TamperCase[] = [
  ...Object.entries(FILES).flatMap(([file, { find, every = false, ...rest }]) =>
    Object.entries(ACTS)
      .filter(([act]) => every || SOME.has(act))
      .map(([act, work]) => ({
        name: `${file}: ${act}`,
        damage: (store: TamperedStore) => find(store).forEach((path) => work(path, store)),
        ...rest,
      })),
  ),
  ...MORE,
];

function noticed(name: string, anew: boolean, damage: TamperCase['damage']): TamperCase {
  return { ...quiet(name, anew, damage), noticed: true };
}

function quiet(name: string, anew: boolean, damage: TamperCase['damage']): TamperCase {
  return { name, damage, anew };
}

function keepingTime(work: (path: string) => void): Act {
  return (path) => {
    const { atimeMs, mtimeMs } = lstatSync(path);
    work(path);
    utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
  };
}

function replace(path: string, make: () => unknown): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

export const parsed = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
