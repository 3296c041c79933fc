import {
  chmodSync,
  cpSync,
  linkSync,
  lutimesSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytes, type ByteString } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { temporaryTree } from '../trees/disk-tree-fixture.contract.js';
import {
  contentDigest,
  decodeFingerprint,
  encodeFingerprint,
  identityOf,
  fingerprintOf,
  stateDigest,
} from './tree-fingerprint.js';

const KEY = digestOf('key');
const NONE: Capabilities = new Map();

describe('a fingerprint', () => {
  let tree: ReturnType<typeof temporaryTree>;
  let file: string;
  beforeEach(() => {
    tree = temporaryTree({ 'a/file': 'content', 'a/link': '->file', empty: undefined });
    file = join(tree.root, 'a/file');
  });
  afterEach(() => tree.remove());

  it('shows an edit of equal length whose time was put back', () => {
    const before = fingerprintOf(KEY, tree.root as ByteString, NONE);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'CONTENT');
    utimesSync(file, atime, mtime);
    const after = fingerprintOf(KEY, tree.root as ByteString, NONE);
    expect(after.state).not.toBe(before.state);
    expect(after.content).not.toBe(before.content);
  });

  it.each([
    [
      'a mode that was changed and put back',
      () => (chmodSync(file, 0o600), chmodSync(file, 0o644)),
    ],
    ['a link to it from outside', () => linkSync(file, `${tree.root}-link`)],
    [
      'a copy in its place',
      () => (cpSync(file, `${file}2`), rmSync(file), cpSync(`${file}2`, file)),
    ],
  ])('shows %s in the state', (_name, change) => {
    const before = stateDigest(tree.root as ByteString);
    change();
    expect(stateDigest(tree.root as ByteString)).not.toBe(before);
    rmSync(`${tree.root}-link`, { force: true });
  });

  it('has one content for equal trees, and tells one file with two names from two files', () => {
    const other = temporaryTree({ 'a/file': 'content', 'a/link': '->file', empty: undefined });
    for (const { root } of [tree, other])
      for (const path of ['a/file', 'a/link']) lutimesSync(join(root, path), 1, 1);
    expect(contentDigest(other.root as ByteString)).toBe(contentDigest(tree.root as ByteString));
    linkSync(file, join(tree.root, 'b'));
    cpSync(join(other.root, 'a/file'), join(other.root, 'b'), { preserveTimestamps: true });
    expect(readFileSync(join(other.root, 'b'))).toEqual(readFileSync(file));
    expect(contentDigest(other.root as ByteString)).not.toBe(
      contentDigest(tree.root as ByteString),
    );
    other.remove();
  });

  it('tells trees apart by capabilities that a command may have left', () => {
    const [raw, bind] = [1, 2].map((byte) => new Map([[bytes`a/file`, Buffer.from([byte])]]));
    const fingerprints = [NONE, raw!, bind!].map((found) =>
      fingerprintOf(KEY, tree.root as ByteString, found),
    );
    expect(new Set(fingerprints.map(identityOf)).size).toBe(3);
    expect(identityOf(fingerprintOf(KEY, tree.root as ByteString, new Map(raw)))).toBe(
      identityOf(fingerprints[1]!),
    );
  });

  it('tells where the target of a link ends and the next name begins', () => {
    const trees = [
      { a: '->x', bc: '' },
      { a: '->xb', c: '' },
    ].map(temporaryTree);
    for (const { root } of trees)
      for (const path of readdirSync(root)) lutimesSync(join(root, path), 1, 1);
    expect(new Set(trees.map(({ root }) => contentDigest(root as ByteString))).size).toBe(2);
    for (const { remove } of trees) remove();
  });

  it('is read for its own key alone, and as it was written', () => {
    const fingerprint = fingerprintOf(KEY, tree.root as ByteString, NONE);
    const text = encodeFingerprint(fingerprint);
    expect(decodeFingerprint(text, KEY)).toEqual(fingerprint);
    expect(decodeFingerprint(text, digestOf('other'))).toBeUndefined();
    for (const changed of [
      text.replace(fingerprint.state, KEY),
      text.replace(fingerprint.capabilities, KEY),
      text.slice(1),
      '',
      '[]',
      'null',
      KEY,
    ])
      expect(decodeFingerprint(changed, KEY)).toBeUndefined();
  });
});
