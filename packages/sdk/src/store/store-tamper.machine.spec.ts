import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ByteString, canonicalJson } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import { parsed, TAMPER_CASES } from './tamper-cases.contract.js';
import { TamperedStore } from './tampered-store.contract.js';

describe('a store that somebody damaged', () => {
  let store: TamperedStore;
  let clean: string;

  beforeAll(async () => {
    store = await TamperedStore.create();
    clean = (await store.build()).digest;
  });
  afterAll(() => store.close());

  it.each(TAMPER_CASES)('gives the same image: $name', async ({ damage, anew, noticed }) => {
    damage(store);
    if (anew) store.vary();
    const built = await store.build();
    expect(built.digest).toBe(clean);
    if (noticed) expect(built.warnings.join()).toContain('damaged');
    // One run has mended all that it uses; what it does not use may still wait.
    expect(await store.build()).toEqual({ digest: clean, warnings: [] });
  });

  it('is known after a forgery that is right in itself, when everything is verified', async () => {
    for (const area of ['embedded-layers', 'embedded-reads']) {
      const files = store.files(area);
      const values = files.map((path) => parsed(path)['value']);
      files.forEach((path, at) => forge(path, alike(values[at], values)));
    }
    const verified = await store.build(true);
    expect(verified.digest).toBe(clean);
    expect(verified.warnings.join()).toContain('named another layer');
    expect(await store.build()).toEqual({ digest: clean, warnings: [] });
  });

  it('is known when a disk lost a bit behind the kernel, when everything is verified', async () => {
    const snapshot = store.snapshotsWith('opt/installed', 'usr')[0] ?? '';
    const seal = parsed(join(snapshot, 'seal'));
    writeFileSync(join(snapshot, 'tree/opt/installed'), 'Installed\n');
    const { stateDigest, encodeFingerprint } = jest.requireActual<
      typeof import('../../../engine/src/engines/embedded/snapshots/tree-fingerprint.js')
    >('../../../engine/src/engines/embedded/snapshots/tree-fingerprint.js');
    const state = stateDigest(join(snapshot, 'tree') as ByteString);
    writeFileSync(join(snapshot, 'seal'), encodeFingerprint({ ...seal, state } as never));
    const verified = await store.build(true);
    expect(verified.digest).toBe(clean);
    expect(verified.warnings.join()).toContain('damaged');
  });

  it('is refused when it is not a directory', async () => {
    rmSync(store.path, { recursive: true });
    writeFileSync(store.path, 'not ours');
    await expect(store.build()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readFileSync(store.path, 'utf8')).toBe('not ours');
  });
});

/** A value of another record that could stand in the place of this one. */
function alike(value: unknown, values: readonly unknown[]): unknown {
  const { layer } = value as { layer?: { name: string } };
  const other = values.find((one) => JSON.stringify(one) !== JSON.stringify(value));
  if (layer === undefined) return other;
  return { layer: { ...(other as { layer: object }).layer, name: layer.name } };
}

/** Another value in a record, bound as the store binds it. */
function forge(path: string, value: unknown): void {
  const { kind, key } = parsed(path);
  const digest = digestOf(canonicalJson({ kind, key, value }));
  writeFileSync(path, JSON.stringify({ kind, key, value, digest }));
}
