import {
  expandMarkers,
  mergeAll,
  mergePlans,
  phaseWithoutMarkers,
  withoutMarkers,
} from './merge.js';

describe('expandMarkers', () => {
  it('keeps the original without a replacement and drops it without a marker', () => {
    expect(expandMarkers(['a'], undefined)).toEqual(['a']);
    expect(expandMarkers(['a'], [])).toEqual([]);
    expect(expandMarkers(['a'], ['b'])).toEqual(['b']);
  });

  it('inserts the original after every marker, and the marker stays', () => {
    expect(expandMarkers(['a', 'b'], ['x', '...', 'y', '@auto'])).toEqual([
      'x',
      '...',
      'a',
      'b',
      'y',
      '@auto',
      'a',
      'b',
    ]);
    expect(expandMarkers(undefined, ['...', 'x'])).toEqual(['...', 'x']);
  });

  it('duplicates the original when two sources extend it (quirk Q5)', () => {
    const list = [['a'], ['...', 'file'], ['env', '...']].reduce<readonly string[] | undefined>(
      expandMarkers,
      undefined,
    );
    expect(withoutMarkers(list ?? [])).toEqual(['env', 'a', 'file']);
    const late = expandMarkers(['a'], expandMarkers(['...', 'file'], ['env', '...']));
    expect(withoutMarkers(late ?? [])).toEqual(['env', 'a', 'a', 'file']);
  });
});

describe('mergePlans', () => {
  it('gives a phase that only the stronger plan has the dependencies of its name', () => {
    const over = {
      phases: { build: { cmds: ['b'] }, install: { cmds: ['i'] }, other: { cmds: ['o'] } },
    };
    const { phases } = mergeAll([{ phases: {} }, over]);
    expect(phases).toEqual({
      build: { name: 'build', dependsOn: ['install'], cmds: ['b'] },
      install: { name: 'install', dependsOn: ['setup'], cmds: ['i'] },
      other: { name: 'other', cmds: ['o'] },
    });
  });

  it('takes the phases of the first plan as they are', () => {
    expect(mergeAll([{ phases: { build: {} } }]).phases).toEqual({ build: { name: 'build' } });
  });

  it('merges start field by field when both sides have one', () => {
    const base = { start: { cmd: 'a', runImage: 'r', onlyIncludeFiles: ['x'] } };
    expect(mergePlans(base, { start: { cmd: 'b', onlyIncludeFiles: ['...', 'y'] } }).start).toEqual(
      {
        cmd: 'b',
        runImage: 'r',
        onlyIncludeFiles: ['...', 'x', 'y'],
      },
    );
    expect(mergePlans(base, {}).start).toEqual(base.start);
  });

  it('unites variables and assets, the stronger winning, and leaves them absent when nobody has any', () => {
    expect(
      mergePlans({ variables: { A: '1', B: '1' } }, { variables: { B: '2' } }).variables,
    ).toEqual({ A: '1', B: '2' });
    expect(mergePlans({}, {})).toEqual({ phases: {} });
  });

  it('keeps a phase that is named like a key of every object', () => {
    const phases = JSON.parse('{"__proto__": {"cmds": ["x"]}}') as Record<
      string,
      { cmds: string[] }
    >;
    expect(Object.keys(mergePlans({ phases: {} }, { phases }).phases ?? {})).toEqual(['__proto__']);
    expect(
      mergePlans({ phases: {} }, { phases: { constructor: { cmds: ['x'] } } }).phases?.[
        'constructor'
      ]?.dependsOn,
    ).toBeUndefined();
  });
});

it('removes markers from every list of a phase', () => {
  expect(phaseWithoutMarkers({ cmds: ['...', 'a', '@auto'], nixPkgs: ['...'] })).toEqual({
    cmds: ['a'],
    nixPkgs: [],
  });
});
