import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Snapshot } from '../snapshots/snapshots.js';
import { diskPath } from '../trees/disk.js';
import { makeAsShipped } from './as-shipped.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'as-shipped-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (...path: string[]): string => join(directory, ...path);
const write = (...path: string[]): void => {
  mkdirSync(dirname(at(...path)), { recursive: true });
  writeFileSync(at(...path), 'text');
};
const tree = (name: string): Snapshot => {
  mkdirSync(at(name), { recursive: true });
  return { tree: diskPath(at(name)) } as Snapshot;
};
const shipped = (paths: readonly string[], ...added: readonly Snapshot[]): void =>
  makeAsShipped(diskPath(at('root')), [tree('base'), ...added], { uid: 65532, gid: 65532, paths });
const ownerOf = (...path: string[]): number => lstatSync(at(...path)).uid;

it('gives the run user what is the run user’s, and takes away what is volatile', () => {
  write('root/app/file');
  for (const place of ['root', 'step']) write(place, 'tmp/left');
  shipped(['/app'], tree('step'));
  expect([ownerOf('root/app'), ownerOf('root/app/file')]).toEqual([65532, 65532]);
  expect(existsSync(at('root/tmp/left'))).toBe(false);
});

it('follows no link of the image out of it, for owners', () => {
  write('host/app/file');
  mkdirSync(at('root'), { recursive: true });
  symlinkSync(at('host'), at('root/home'));
  symlinkSync(at('host/app'), at('root/app'));
  shipped(['/home/app', '/app']);
  expect([ownerOf('host/app'), ownerOf('host/app/file')]).toEqual([0, 0]);
});

it('follows no link of the image out of it, for what is volatile', () => {
  write('host/left');
  write('step/tmp/left');
  mkdirSync(at('root'), { recursive: true });
  symlinkSync(at('host'), at('root/tmp'));
  shipped([], tree('step'));
  expect(existsSync(at('host/left'))).toBe(true);
});
