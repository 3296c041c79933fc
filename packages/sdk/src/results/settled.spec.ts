import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejected } from '../records/outputs.js';
import { settled } from './settled.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'settled-'))));
afterEach(() => rmSync(root, { recursive: true }));

const refuse = (): never => {
  throw rejected('No', 'build-image');
};

describe('settled', () => {
  it('reads again what changed since it was refused, and not what stayed', async () => {
    const folder = join(root, 'image');
    let reads = 0;
    const result = settled(folder, () => {
      reads++;
      if (reads === 1) mkdirSync(folder);
      if (reads === 2) writeFileSync(join(folder, 'file'), '');
      if (reads === 3) renameSync(join(folder, 'file'), join(folder, 'other'));
      return reads < 4 ? refuse() : 'read';
    });
    expect(await result).toBe('read');
    reads = 0;
    const refused = settled(folder, () => (reads++, refuse()));
    await expect(refused).rejects.toMatchObject({ code: 'CACHE_RESULT_REJECTED' });
    expect(reads).toBe(1);
  });

  it('does not hide other failures', async () => {
    const failing = settled(join(root, 'none'), () => {
      mkdirSync(join(root, 'none'), { recursive: true });
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
  });
});
