import { readdirSync } from 'node:fs';
import { memoryTree } from '@nx-nixpack/base';
import { catalogImage } from '../catalog-image.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import { type Cataloger, keyAt } from '../cataloger.js';
import { FORMATS } from '../formats/index.js';
import { CATALOGERS } from './index.js';

it('registers every cataloger file, each under its own name', () => {
  const files = readdirSync(__dirname).filter((file) => /^(?!index)[a-z-]+\.ts$/.test(file));
  expect(CATALOGERS.map((cataloger) => `${cataloger.name}.ts`).sort()).toEqual(files.sort());
});

/** A package for each `*.gemspec`, by its file name. */
const gems: Cataloger = {
  name: 'gems',
  type: 'gem',
  wants: ({ path }) => path.endsWith('.gemspec'),
  catalog: (wanted) => ({
    findings: wanted.map(({ path }) => {
      const [, name = '', version = ''] = /([^/]+)-([^-]+)\.gemspec$/.exec(path) ?? [];
      const purl = `pkg:gem/${name}@${version}`;
      const found = { name, version, purl, licenses: { declared: [] }, hashes: [], properties: {} };
      return { key: keyAt(purl, path), place: path, technique: 'filename', package: found };
    }),
    edges: [],
    problems: [],
  }),
};

it('needs one entry of the list to find another ecosystem and write it in every format', () => {
  const files = { ...SAMPLE, '/usr/lib/gems/specifications/rack-3.1.0.gemspec': '' };
  const graph = catalogImage(memoryTree(files), { ...ABOUT, catalogers: [...CATALOGERS, gems] });
  expect(graph.packages).toContainEqual(
    expect.objectContaining({ type: 'gem', purl: 'pkg:gem/rack@3.1.0' }),
  );
  expect(graph.coverage).toContainEqual({ ecosystem: 'gem', status: 'complete' });
  for (const format of FORMATS) {
    const bytes = format.write(graph);
    expect(Buffer.from(bytes).toString()).toContain('pkg:gem/rack@3.1.0');
    expect(format.check(bytes)).toEqual([]);
  }
});
