import type { FileTree } from '@nx-nixpack/base';
import { compareBytes, type MemoryFile, memoryTree, walk } from '@nx-nixpack/base';
import type { Cataloger, Catalog } from './cataloger.js';
import { ImageView } from './image-view.js';

/** What a cataloger alone finds in a tree. */
export function catalogWith(cataloger: Cataloger, tree: FileTree): Catalog {
  const wanted = [...walk(tree)].filter(
    (entry) => entry.type !== 'directory' && cataloger.wants(entry),
  );
  return cataloger.catalog(
    wanted.sort((a, b) => compareBytes(a.path, b.path)),
    new ImageView(tree),
  );
}

export const foundBy = (catalog: Catalog): string[] =>
  catalog.findings.map(({ package: one }) => `${one.name}@${one.version}`).sort();

/** What every cataloger promises. `broken` is a file of its kind that cannot be understood. */
export function itKeepsTheCatalogerContract(
  cataloger: Cataloger,
  files: Readonly<Record<string, MemoryFile>>,
  broken: Readonly<Record<string, MemoryFile>>,
): void {
  const plain = ({ findings, edges, rootDependencies }: Catalog) => ({
    findings,
    edges,
    rootDependencies,
  });

  it('finds its own sample, and nothing in an empty image', () => {
    expect(catalogWith(cataloger, memoryTree(files)).findings).not.toEqual([]);
    expect(catalogWith(cataloger, memoryTree({})).findings).toEqual([]);
  });

  it('finds the same whatever the order files are listed in', () => {
    const backwards = memoryTree(files, (a, b) => compareBytes(b, a));
    expect(plain(catalogWith(cataloger, backwards))).toEqual(
      plain(catalogWith(cataloger, memoryTree(files))),
    );
  });

  it('gives every finding a key of its own, and edges only between findings', () => {
    const { findings, edges, rootDependencies = [] } = catalogWith(cataloger, memoryTree(files));
    const keys = findings.map((finding) => finding.key);
    expect(new Set(keys).size).toBe(keys.length);
    const ends = [
      ...edges.flatMap((edge) => [edge.from, edge.to]),
      ...rootDependencies.map((one) => one.key),
    ];
    expect(ends.filter((end) => !keys.includes(end))).toEqual([]);
  });

  it('reports a file that it cannot understand with its path, and still finds the others', () => {
    const { findings, problems } = catalogWith(cataloger, memoryTree({ ...files, ...broken }));
    expect(problems.map((problem) => `/${problem.path}`)).toEqual(Object.keys(broken));
    expect(findings.length).toBe(catalogWith(cataloger, memoryTree(files)).findings.length);
  });

  it('returns plain data', () => {
    const { findings, edges } = catalogWith(cataloger, memoryTree(files));
    expect(JSON.parse(JSON.stringify({ findings, edges }))).toEqual({ findings, edges });
  });
}
