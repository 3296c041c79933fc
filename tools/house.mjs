#!/usr/bin/env node
/** What the published packages of a checkout come to: lines, dependencies, size, import cycles. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { importCycles } from './house/cycles.mjs';
import { manifestOf, packed, publishedPackages, sourcesOf } from './house/packages.mjs';
import { root } from './root.mjs';

const HELP = `Usage: node tools/house.mjs [CHECKOUT] [--cycles]

Prints a table of the published packages of a built checkout (default: this one).

  --cycles  print only the import cycles, type imports counted too; end with 1 when there is one
`;

const args = process.argv.slice(2);
const checkout = resolve(args.find((one) => !one.startsWith('-')) ?? root);
if (args.includes('--help')) process.stdout.write(HELP);
else if (args.includes('--cycles')) printCycles();
else printTable();

function printCycles() {
  const cycles = publishedPackages(checkout).flatMap((folder) =>
    importCycles(sourcesOf(checkout, folder, true)),
  );
  for (const files of cycles)
    console.error(
      `import cycle:\n${files.map((file) => `  ${relative(checkout, file)}`).join('\n')}`,
    );
  console.log(`${cycles.length} import cycles`);
  process.exitCode = cycles.length === 0 ? 0 : 1;
}

function printTable() {
  const rows = publishedPackages(checkout).map(rowOf);
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  console.log(
    '| package | files | lines | runtime dependencies | packed | files packed | cycles |',
  );
  console.log('| --- | ---: | ---: | --- | ---: | ---: | ---: |');
  for (const row of rows) console.log(line(row));
  const dependencies = [...new Set(rows.flatMap((row) => row.dependencies))];
  console.log(
    line({
      name: 'all',
      dependencies: [`${dependencies.length}`],
      ...Object.fromEntries(
        ['files', 'lines', 'size', 'packedFiles', 'cycles'].map((key) => [key, total(key)]),
      ),
    }),
  );
}

function rowOf(folder) {
  const sources = sourcesOf(checkout, folder);
  const { size, files } = packed(checkout, folder);
  const { name, dependencies = {} } = manifestOf(checkout, folder);
  return {
    name,
    files: sources.length,
    lines: sources.reduce((sum, file) => sum + linesOf(file), 0),
    dependencies: Object.keys(dependencies).filter((one) => !one.startsWith('@nx-nixpack/')),
    size,
    packedFiles: files.length,
    cycles: importCycles(sources).length,
  };
}

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n').length - 1;
}

function line({ name, files, lines, dependencies, size, packedFiles, cycles }) {
  const kilobytes = `${(size / 1000).toFixed(1)} kB`;
  const cells = [
    name,
    files,
    lines,
    dependencies.join(', ') || '-',
    kilobytes,
    packedFiles,
    cycles,
  ];
  return `| ${cells.join(' | ')} |`;
}
