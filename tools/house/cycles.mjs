import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Groups of files that import each other, type imports counted too. ESLint's own rule leaves those out, and what they
 * tie together can no more be read or moved alone than any other cycle.
 *
 * @param {readonly string[]} files absolute paths of TypeScript sources
 * @returns {string[][]} each group sorted, its files as given
 */
export function importCycles(files) {
  const known = new Set(files);
  const imports = new Map(files.map((file) => [file, importsOf(file, known)]));
  return components(files, imports).filter(
    (group) => group.length > 1 || imports.get(group[0]).includes(group[0]),
  );
}

function importsOf(file, known) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name.replace(/\.([cm]?)js$/, '.$1ts')))
    .filter((path) => known.has(path) && existsSync(path));
}

/** Strongly connected components (Tarjan). */
function components(files, imports) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const groups = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const next of imports.get(file)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== order.get(file)) return;
    groups.push(stack.splice(stack.indexOf(file)).sort());
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return groups;
}
