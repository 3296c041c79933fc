import { connect, strongest } from './graph-edges.js';
import type { Package, PackageEdge } from './package-graph.js';

const edge = (from: string, to: string, kind: PackageEdge['kind'] = 'runtime'): PackageEdge => ({
  from,
  to,
  kind,
});
const packages = (...ids: string[]): Package[] => ids.map((id) => ({ id }) as Package);

describe('strongest', () => {
  it('keeps one edge for each pair of ids, the strongest, and none to itself', () => {
    const ids = new Map([
      ['a#1', 'a'],
      ['a#2', 'a'],
      ['b#1', 'b'],
    ]);
    expect(
      strongest(
        [edge('a#1', 'b#1', 'optional'), edge('a#2', 'b#1', 'peer'), edge('a#1', 'a#2')],
        ids,
      ),
    ).toEqual([edge('a', 'b', 'peer')]);
  });
});

describe('connect', () => {
  it('contains what nothing asks for, and one member of a cycle', () => {
    const edges = [edge('b', 'c'), edge('x', 'y'), edge('y', 'x')];
    expect(connect('s', packages('a', 'b', 'c', 'x', 'y'), edges, [edge('s', 'a')])).toEqual([
      edge('b', 'c'),
      edge('s', 'a'),
      edge('s', 'b', 'contains'),
      edge('s', 'x', 'contains'),
      edge('x', 'y'),
      edge('y', 'x'),
    ]);
  });
});
