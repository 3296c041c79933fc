import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../digest.js';
import { ownerName, thisProcess } from './owner.js';
import { Store } from './store.js';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'store-'))));
afterEach(() => rmSync(directory, { recursive: true }));

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const temporary = () => readdirSync(join(directory, 'temporary'));
const pieces = [Buffer.from('hello '), Buffer.from('world')];
const HELLO = digestOf('hello world');

describe('Store', () => {
  it('keeps a blob under its digest, once', async () => {
    const store = Store.open(directory);
    expect(store.has(HELLO)).toBe(false);
    expect(await store.writeBlob(pieces)).toEqual({ digest: HELLO, size: 11 });
    expect(await store.writeBlob(pieces, { digest: HELLO, size: 11 })).toEqual({
      digest: HELLO,
      size: 11,
    });
    expect(store.has(HELLO)).toBe(true);
    expect(readFileSync(store.blobPath(HELLO), 'utf8')).toBe('hello world');
    expect(await bytesOf(Store.open(directory).openBlob(HELLO))).toBe('hello world');
    expect(temporary()).toEqual([]);
  });

  it('keeps nothing of content that is not what was announced, that is too long or that breaks off', async () => {
    const store = Store.open(directory);
    const corrupt = expect.objectContaining({ code: 'STORE_CORRUPT' });
    await expect(store.writeBlob(pieces, { digest: digestOf('x') })).rejects.toEqual(corrupt);
    await expect(store.writeBlob(endless(), { size: 100 })).rejects.toEqual(corrupt);
    await expect(store.writeBlob(broken())).rejects.toThrow('cut');
    expect(readdirSync(join(directory, 'blobs/sha256'))).toEqual([]);
    expect(temporary()).toEqual([]);
  });

  it('notices a damaged blob, removes it and takes it anew', async () => {
    const store = Store.open(directory);
    await store.writeBlob(pieces);
    writeFileSync(store.blobPath(HELLO), 'hello_world');
    await expect(bytesOf(store.openBlob(HELLO))).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(store.has(HELLO)).toBe(false);
    await expect(bytesOf(store.openBlob(HELLO))).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    writeFileSync(store.blobPath(HELLO), '');
    await store.writeBlob(pieces);
    expect(await bytesOf(store.openBlob(HELLO))).toBe('hello world');
  });

  it('replaces a damaged blob, whatever lies in its place, and checks without being asked for bytes', async () => {
    const store = Store.open(directory);
    await store.writeBlob(pieces);
    expect(await store.check(HELLO)).toBe(true);
    for (const damage of [
      (path: string) => writeFileSync(path, 'hello_world'),
      (path: string) => {
        rmSync(path);
        mkdirSync(join(path, 'inside'), { recursive: true });
      },
      (path: string) => {
        rmSync(path);
        symlinkSync('/etc/passwd', path);
      },
      (path: string) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ]) {
      damage(store.blobPath(HELLO));
      await store.writeBlob(pieces);
      expect(await store.check(HELLO)).toBe(true);
      damage(store.blobPath(HELLO));
      expect(await store.check(HELLO)).toBe(false);
      expect(store.has(HELLO)).toBe(false);
      await store.writeBlob(pieces);
    }
  });

  it('notices what happened to a blob that it found right before', async () => {
    const store = Store.open(directory);
    await store.writeBlob(pieces);
    expect(await store.check(HELLO)).toBe(true);
    const path = store.blobPath(HELLO);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'hello_world');
    utimesSync(path, atime, mtime);
    expect(await store.check(HELLO)).toBe(false);
  });

  it('believes a record only where it was written, as it was written', () => {
    const store = Store.open(directory);
    const fileOf = (area: string) => join(store.area(area), readdirSync(store.area(area))[0] ?? '');
    store.writeRecord('layers', 'a', { digest: '1' });
    const text = readFileSync(fileOf('layers'), 'utf8');
    for (const changed of [
      text.replace('"1"', '"2"'),
      text.replace('"a"', '"b"'),
      text.replace('layers', 'others'),
      text.replace('sha256:', 'sha256:0'),
      '[]',
      'null',
      '',
    ]) {
      writeFileSync(fileOf('layers'), changed);
      expect(store.readRecord('layers', 'a')).toBeUndefined();
    }
    store.writeRecord('layers', 'a', { digest: '1' });
    store.writeRecord('others', 'a', { digest: '2' });
    copyFileSync(fileOf('layers'), fileOf('others'));
    expect(store.readRecord('others', 'a')).toBeUndefined();
    expect(store.readRecord('layers', 'a')).toEqual({ digest: '1' });
  });

  it('keeps records, whatever their key', () => {
    const store = Store.open(directory);
    store.writeRecord('steps', '../odd key\0', { a: [1, 'ä'] });
    expect(Store.open(directory).readRecord('steps', '../odd key\0')).toEqual({ a: [1, 'ä'] });
    expect(store.readRecord('steps', 'other')).toBeUndefined();
    for (const name of readdirSync(store.area('steps')))
      writeFileSync(join(store.area('steps'), name), '{"key"');
    expect(store.readRecord('steps', '../odd key\0')).toBeUndefined();
    expect(temporary()).toEqual([]);
  });

  it('has areas inside its directory only', () => {
    const store = Store.open(directory);
    expect(store.area('snapshots')).toBe(join(directory, 'snapshots'));
    for (const name of ['..', 'a/b', '', 'blobs', 'temporary', '.x'])
      expect(() => store.area(name)).toThrow('not a name');
  });

  it('removes what dead processes left behind, and nothing of those that live', () => {
    Store.open(directory);
    const self = thisProcess();
    const leave = (name: string) => writeFileSync(join(directory, 'temporary', name), '');
    leave(`${ownerName(self)}-living`);
    leave(`${ownerName({ ...self, started: '1' })}-same-id-later`);
    leave(`${ownerName({ ...self, pid: 2 ** 22 + 1 })}-dead`);
    Store.open(directory);
    expect(temporary()).toEqual([`${ownerName(self)}-living`]);
  });

  it('removes what belongs to nobody after an hour without a write', () => {
    Store.open(directory);
    const old = join(directory, 'temporary', 'old');
    mkdirSync(old);
    writeFileSync(join(directory, 'temporary', 'new'), '');
    utimesSync(old, 1, 1);
    Store.open(directory);
    expect(temporary()).toEqual(['new']);
  });
});

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.alloc(64);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x');
  await Promise.resolve();
  throw new Error('cut');
}
