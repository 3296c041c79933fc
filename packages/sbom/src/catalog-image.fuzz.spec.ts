import { type MemoryFile, memoryTree } from '@nx-nixpack/base';
import fc from 'fast-check';
import { catalogImage } from './catalog-image.js';
import { FORMATS } from './formats/index.js';
import { ABOUT, SAMPLE } from './catalog-image.sample.js';

const paths = Object.keys(SAMPLE);

const bytesOf = (file: MemoryFile): Buffer => {
  if (typeof file === 'string') return Buffer.from(file);
  if (file instanceof Uint8Array) return Buffer.from(file);
  return 'executable' in file ? Buffer.from(file.executable) : Buffer.from(file.link);
};

/** Overwrites, removes or inserts bytes near the start, where these files carry their meaning. */
const damage = fc.record({
  path: fc.constantFrom(...paths),
  at: fc.nat(400),
  remove: fc.nat(12),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('"', '\n', ':', '{}', 'null', '@', '/', '%', '\0')
      .map((text) => Buffer.from(text)),
  ),
});

it('never throws and always writes a valid document, whatever the files say', () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      const files: Record<string, MemoryFile> = { ...SAMPLE };
      for (const { path, at, remove, insert } of damages) {
        const file = files[path] ?? '';
        const bytes = bytesOf(file);
        const changed = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        files[path] =
          typeof file === 'object' && 'executable' in file ? { executable: changed } : changed;
      }
      const graph = catalogImage(memoryTree(files), ABOUT);
      for (const format of FORMATS) expect(format.check(format.write(graph))).toEqual([]);
    }),
    { numRuns: 200, seed: 5 },
  );
});
