import { encodeText } from '@nx-nixpack/base';
import fc from 'fast-check';
import { Canary } from './hostile/canary.contract.js';
import { HOSTILE_ARCHIVES } from './hostile/hostile-archives.contract.js';
import { meaningRead, meaningUnpacked } from './hostile/meaning.contract.js';
import { specialByTar } from './hostile/special-by-tar.contract.js';
import {
  block,
  character,
  dir,
  extension,
  fifo,
  file,
  hard,
  link,
  pax,
  tar,
} from './hostile/tar-maker.contract.js';
import { memoryLayer } from './memory-layer.contract.js';

/* Random archives, hostile ones among them, unpacked as root and read into memory. */

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 7);

let canary: Canary;
let special: ReturnType<typeof specialByTar>;
beforeEach(() => {
  canary = new Canary();
  special = specialByTar(canary.top);
});
afterEach(() => {
  expect(canary.harm()).toEqual([]);
  canary.remove();
});

/** Few names, so that entries meet; some lead out. */
const part = fc.constantFrom('a', 'b', 'c', '\xff', encodeText('\ufffd'), '..', '.', '');
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const mark = fc.constantFrom('.wh.a', '.wh.b', '.wh..wh..opq', '.wh.', '.wh...', '.wh..wh.aufs');
const whiteout = fc.tuple(path, mark).map((parts) => parts.join('/'));
const target = fc.oneof(path, fc.constantFrom('/', '..', '../outside', '/a/../../outside', 'a/b/'));
const owner = fc.record({ uid: fc.nat(9), gid: fc.nat(9), mode: fc.nat(0o7777) });

const content = fc.string({ maxLength: 5 });

/** Calls of the makers, so that a counterexample can be read. */
const MAKERS = { file, dir, link, hard, fifo, block, character, pax, extension };
type Call = [keyof typeof MAKERS, ...unknown[]];
const made = ([maker, ...args]: Call): Buffer =>
  (MAKERS[maker] as (...all: unknown[]) => Buffer)(...args);
const calls = (weight: number, maker: Call[0], ...args: fc.Arbitrary<unknown>[]) => ({
  weight,
  arbitrary: fc.tuple(fc.constant(maker), ...args) as fc.Arbitrary<Call>,
});

const entry = fc.oneof(
  calls(4, 'file', path, content, owner),
  calls(4, 'dir', path, owner),
  calls(3, 'link', path, target),
  calls(3, 'hard', path, target),
  calls(2, 'file', whiteout, content),
  calls(1, 'fifo', path),
  calls(1, 'block', path, owner),
  calls(1, 'character', path, owner),
  calls(1, 'pax', fc.record({ path })),
  calls(1, 'extension', fc.constantFrom('L', 'K'), path),
);
const stacks = fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 1, maxLength: 3 });

async function expectOneMeaning(tars: readonly Buffer[]): Promise<boolean> {
  const layers = tars.map((each) => memoryLayer(each));
  const read = await meaningRead(layers, canary.top);
  expect(await meaningUnpacked(layers, canary.top, { special })).toEqual(read);
  return typeof read === 'string';
}

describe('unpacking and reading', () => {
  it('give random archives one meaning, or refuse them with one message', async () => {
    const refused = { true: 0, false: 0 };
    const property = fc.asyncProperty(stacks, async (stack) => {
      const tars = stack.map((entries) => tar(...entries.map(made)));
      refused[`${await expectOneMeaning(tars)}`] += 1;
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    // A property that never sees one of the two says nothing about it.
    expect(Math.min(refused.true, refused.false)).toBeGreaterThan(RUNS / 20);
  });

  it('give hostile archives one meaning, one over the other and with bytes changed', async () => {
    const shallow = HOSTILE_ARCHIVES.filter(
      ({ slowFor, name }) => slowFor.length === 0 && !name.startsWith('1,'),
    );
    const tars = fc.constantFrom(...shallow).map((each) => each.layers(canary.outside));
    const change = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.nat(255),
    );
    const property = fc.asyncProperty(
      tars,
      tars,
      fc.array(change, { maxLength: 2 }),
      async (lower, upper, changes) => {
        const changed = upper.map((each) => Buffer.from(each));
        for (const [at, byte] of changes)
          for (const each of changed) each[Math.floor(at * each.byteLength)] = byte;
        await expectOneMeaning([...lower, ...changed]);
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
