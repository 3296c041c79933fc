import fc from 'fast-check';
import { findCycles, waves, type GraphEdge } from './cycles.js';

const edgesOf = (text: string): GraphEdge[] =>
  text.split(' ').flatMap((edge) => {
    const [from = '', to = ''] = edge.split('>');
    return to === '' ? [] : [{ from, to }];
  });
const show = (cycles: readonly (readonly GraphEdge[])[]): string[] =>
  cycles.map((cycle) => cycle.map(({ from, to }) => `${from}>${to}`).join(' '));

describe('waves', () => {
  it.each([
    ['a b c', '', ['a b c']],
    ['a b c', 'a>b b>c', ['c', 'b', 'a']],
    ['a b c d', 'a>c b>c a>d', ['c d', 'a b']],
    ['a b c', 'a>b a>b', ['b c', 'a']],
    ['a b', 'a>elsewhere', ['a b']],
    ['a b c d', 'a>b b>a c>a', ['d']],
  ])('%s with %s', (ids, edges, expected) => {
    expect(waves(ids.split(' '), edgesOf(edges)).map((wave) => wave.join(' '))).toEqual(expected);
  });
});

describe('findCycles', () => {
  it.each([
    ['a>b b>c', []],
    ['a>a', ['a>a']],
    ['a>b b>a', ['a>b b>a']],
    ['c>a a>b b>c', ['c>a a>b b>c']],
    ['a>b b>a c>d d>c', ['a>b b>a', 'c>d d>c']],
    ['a>b a>c b>a c>a', ['a>b b>a', 'a>c c>a']],
    ['x>a a>b b>a b>y', ['a>b b>a']],
  ])('%s', (edges, expected) => {
    expect(show(findCycles(edgesOf(edges)))).toEqual(expected);
  });

  const node = fc.constantFrom(...'abcdefgh');
  const graph = fc.uniqueArray(fc.record({ from: node, to: node }), {
    maxLength: 16,
    selector: ({ from, to }) => `${from}${to}`,
  });

  it('finds an edge in a cycle exactly when its end leads back to its start', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const reported = new Set(findCycles(edges).flat());
        for (const edge of edges) expect(reported.has(edge)).toBe(leads(edge.to, edge.from, edges));
      }),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('reports closed paths that begin with their first edge', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        for (const cycle of findCycles(edges)) {
          cycle.forEach(({ to }, index) =>
            expect(cycle[(index + 1) % cycle.length]?.from).toBe(to),
          );
          const places = cycle.map((edge) => edges.indexOf(edge));
          expect(places[0]).toBe(Math.min(...places));
        }
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  it('leaves nothing out of the waves but what is in or behind a cycle', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const ids = [...'abcdefgh'];
        const inWaves = new Set(waves(ids, edges).flat());
        const circular = findCycles(edges)
          .flat()
          .map(({ from }) => from);
        for (const id of ids)
          expect(inWaves.has(id)).toBe(
            !circular.some((end) => end === id || leads(id, end, edges)),
          );
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});

/** Reference: whether a path, maybe of no edges, leads from one node to another. */
function leads(
  start: string,
  end: string,
  edges: readonly GraphEdge[],
  seen = new Set<string>(),
): boolean {
  if (start === end) return true;
  seen.add(start);
  return edges.some(
    ({ from, to }) => from === start && !seen.has(to) && leads(to, end, edges, seen),
  );
}
