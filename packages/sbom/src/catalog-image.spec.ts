import { memoryTree } from '@nx-nixpack/base';
import fc from 'fast-check';
import { catalogImage } from './catalog-image.js';
import { FORMATS } from './formats/index.js';
import type { PackageGraph } from './package-graph.js';
import { ABOUT, SAMPLE } from './catalog-image.sample.js';

const catalog = (files = SAMPLE): PackageGraph => catalogImage(memoryTree(files), ABOUT);
const ids = (graph: PackageGraph): string[] => graph.packages.map((one) => one.id);

describe('catalogImage', () => {
  it('lists everything that is installed once', () => {
    expect(ids(catalog())).toEqual([
      'pkg:deb/debian/nodejs@18.1.0?arch=amd64&distro=debian-12',
      'pkg:deb/debian/python3-yaml@6.0-3?arch=all&distro=debian-12',
      'pkg:generic/node@22.23.3',
      'pkg:golang/example.com/tool@v1.0.0',
      'pkg:golang/stdlib@1.26.1',
      'pkg:npm/%40shop/money',
      'pkg:npm/debug@4.3.4',
      'pkg:npm/ms@2.1.2',
      'pkg:npm/npm@11.0.0',
      'pkg:pypi/flask@3.0.0',
      'pkg:pypi/pyyaml@6.0',
    ]);
  });

  it('counts what a distribution owns as its package, the language’s address as an alias', () => {
    const { packages } = catalog();
    const aliases = Object.fromEntries(
      packages.filter((one) => one.aliases.length > 0).map((one) => [one.name, one.aliases]),
    );
    expect(aliases).toEqual({
      nodejs: ['pkg:generic/node@18.1.0'],
      'python3-yaml': ['pkg:pypi/pyyaml@6.0'],
    });
  });

  it('keeps the copy that the distribution does not own, and leads edges to either', () => {
    const graph = catalog();
    expect(graph.packages.find((one) => one.id === 'pkg:pypi/pyyaml@6.0')?.evidence).toMatchObject([
      { path: '/opt/venv/lib/python3.11/site-packages/PyYAML-6.0.dist-info/METADATA' },
    ]);
    expect(graph.edges).toContainEqual({
      from: 'pkg:pypi/flask@3.0.0',
      to: 'pkg:pypi/pyyaml@6.0',
      kind: 'runtime',
    });
  });

  it('takes as much as the limits allow, and no more', () => {
    const within = (limits: object) => () => catalogImage(memoryTree(SAMPLE), { ...ABOUT, limits });
    expect(within({ packages: 100, dependencies: 100 })).not.toThrow();
    for (const limits of [{ packages: 5 }, { dependencies: 3 }])
      expect(within(limits)).toThrow(expect.objectContaining({ code: 'SBOM_TOO_LARGE' }));
  });

  it('makes one package of equal versions in several places', () => {
    const { packages } = catalog();
    expect(packages.find((one) => one.name === 'ms')?.evidence.map((one) => one.path)).toEqual([
      '/app/node_modules/debug/node_modules/ms/package.json',
      '/app/node_modules/ms/package.json',
    ]);
  });

  it('leads from the subject to every package, each pair once', () => {
    const { edges, packages } = catalog();
    const reached = new Set([ABOUT.subject.purl]);
    for (let size = 0; size < reached.size;) {
      size = reached.size;
      for (const edge of edges) if (reached.has(edge.from)) reached.add(edge.to);
    }
    expect([...reached].sort()).toEqual(
      [ABOUT.subject.purl, ...packages.map((one) => one.id)].sort(),
    );
    expect(new Set(edges.map((edge) => `${edge.from} ${edge.to}`)).size).toBe(edges.length);
  });

  it('reports what cannot be understood, and what is complete without it', () => {
    const graph = catalog({ ...SAMPLE, '/app/node_modules/broken/package.json': '{' });
    expect(graph.problems).toEqual([
      { path: '/app/node_modules/broken/package.json', message: 'is not JSON' },
    ]);
    expect(Object.fromEntries(graph.coverage.map((one) => [one.ecosystem, one.status]))).toEqual({
      deb: 'complete',
      generic: 'unknown',
      golang: 'complete',
      npm: 'incomplete',
      pypi: 'complete',
    });
  });

  it('does not mind a damaged file that a distribution owns', () => {
    const broken = '/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info';
    expect(catalog({ ...SAMPLE, [broken]: 'Name: x\n' }).problems).toEqual([]);
  });

  it('names the layer that holds the evidence', () => {
    const graph = catalogImage(memoryTree(SAMPLE), {
      ...ABOUT,
      layerOf: (path) => (path.startsWith('app/') ? 'sha256:app' : 'sha256:base'),
    });
    const layers = graph.packages.map((one) => [one.name, one.evidence[0]?.layerDigest]);
    expect(layers).toContainEqual(['ms', 'sha256:app']);
    expect(layers).toContainEqual(['nodejs', 'sha256:base']);
  });

  it('gives equal bytes in whatever order the tree lists its files', () => {
    const expected = FORMATS.map((format) => Buffer.from(format.write(catalog())).toString());
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer()), (numbers) => {
        const tree = memoryTree(SAMPLE, () => numbers.next().value ?? 0);
        const graph = catalogImage(tree, ABOUT);
        expect(FORMATS.map((format) => Buffer.from(format.write(graph)).toString())).toEqual(
          expected,
        );
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('keeps names that are not UTF-8', () => {
    const graph = catalog({
      '/app/node_modules/caf\u00e9/package.json': '{"name": "x", "version": "1"}',
    });
    expect(graph.packages[0]?.evidence[0]?.path).toBe('/app/node_modules/café/package.json');
  });
});
