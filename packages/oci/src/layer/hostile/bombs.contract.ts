import { file, link, pax } from './tar-maker.contract.js';

/** A small archive that asks for much. */
export interface Bomb {
  /** What the refusal says; undefined for what must be borne. */
  readonly says: RegExp | undefined;
  /** Its tar, piece by piece. */
  readonly tar: () => Iterable<Buffer>;
}

/** Without an end, so that more can follow. */
function* repeated(times: number, make: (index: number) => Buffer): Generator<Buffer> {
  const batch: Buffer[] = [];
  for (let index = 0; index < times; index++) {
    batch.push(make(index));
    if (batch.length === 500) yield Buffer.concat(batch.splice(0));
  }
  yield Buffer.concat(batch);
}

function* chained(...parts: readonly Iterable<Buffer>[]): Generator<Buffer> {
  for (const part of parts) yield* part;
}

function* same(piece: Buffer, times: number): Generator<Buffer> {
  for (let index = 0; index < times; index++) yield piece;
}

const empty = (index: number): Buffer => file(`d${index % 100}/${index}`, '');
const deep = (letter: string): string => `${letter}/`.repeat(1500);

export const BOMBS: Readonly<Record<string, Bomb>> = {
  'many empty files': { says: undefined, tar: () => repeated(250_000, empty) },
  'more than two million entries': {
    says: /more than 2000000 entries/,
    tar: () => same(Buffer.concat([...repeated(500, empty)]), 4001),
  },
  'directories that no entry stands for': {
    says: /more than 200000 directories/,
    tar: () => repeated(1000, (index) => file(`${index}/${deep('d')}f`, '')),
  },
  'links with long targets': {
    says: /too much memory/,
    tar: () => repeated(40_000, (index) => link(`l${index}`, 't'.repeat(4000))),
  },
  'attributes of a megabyte': {
    says: /too much memory/,
    tar: () =>
      same(Buffer.concat([pax({ 'SCHILY.xattr.user.x': 'x'.repeat(1_000_000) }), file('f')]), 200),
  },
  'links through which every path takes long': {
    says: /too much work/,
    tar: () =>
      chained(
        repeated(39, (index) =>
          link(`l${index + 1}`, index === 0 ? '.' : `${'./'.repeat(1900)}l${index}`),
        ),
        repeated(20_000, (index) => file(`l39/f${index}`, '')),
      ),
  },
  'whiteouts that look at everything': {
    says: /too much work/,
    tar: () =>
      chained(
        repeated(20_000, (index) => file(`d/f${index}`, '')),
        same(file('d/.wh..wh..opq', ''), 2000),
      ),
  },
  'paths as deep as can be': {
    says: /too much work/,
    tar: () => same(file(`${deep('d')}f`, ''), 20_000),
  },
};
