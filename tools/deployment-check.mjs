// Checks every deployment file of a folder, each on its own, against a workspace. Reads only.
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `Usage: nx run deployment:check --root=DIR --files=DIR

Checks every *.yaml and *.yml file below --files, each on its own, against the workspace at --root.
Prints one line a problem, FILE:LINE:COLUMN CODE message, with a hint below it. Writes nothing.

  --root=DIR   the workspace whose directories the files name
  --files=DIR  the folder of deployment files
  --help       this text

Exit code: 0 no problem, 1 problems, 2 wrong usage or no file.`;

/** One byte more than a deployment file may have, so that a larger one is recognized and never read whole. */
const MOST_BYTES = 1024 * 1024 + 1;

process.exitCode = main();

function main() {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) return print(HELP, 0);
  const problem = usageProblem(options);
  if (problem !== undefined) return usage(problem);
  const files = deploymentFiles(options.files);
  if (files.length === 0) return usage(`there is no .yaml or .yml file below ${options.files}`);
  return checkFiles(files, options);
}

function readOptions() {
  const known = { root: { type: 'string' }, files: { type: 'string' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ options: known, allowPositionals: false }).values;
  } catch (error) {
    usage(error.message);
    return undefined;
  }
}

function usageProblem({ root, files }) {
  if (root === undefined || files === undefined) return 'both --root and --files are needed';
  return [root, files]
    .filter((path) => !isDirectory(path))
    .map((path) => `${path} is not a directory`)[0];
}

function checkFiles(files, { root }) {
  const { describeProblem, sanitize } = load('base');
  const { loadDeployment } = load('deployment');
  const { KNOWN_NAMES: names } = load('sdk', 'known-names.js');
  const shared = { workspace: factsOf(root), names, allowedEnv: allowedEnv(root) };
  const problems = files.flatMap(
    (file) => loadDeployment({ file, content: readStart(file), ...shared }).problems,
  );
  for (const problem of problems) console.log(sanitize(describeProblem(problem)));
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  console.error(`${files.length} ${files.length === 1 ? 'file' : 'files'} checked, ${count}`);
  return problems.length === 0 ? 0 : 1;
}

/** The built package: the Nx target builds it before this runs. */
function load(name, file = 'index.js') {
  const packages = fileURLToPath(new URL('../packages/', import.meta.url));
  return createRequire(import.meta.url)(join(packages, name, 'dist', file));
}

/** Paths as they were given, joined with what was found below; sorted by bytes. */
function deploymentFiles(directory) {
  const found = readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return deploymentFiles(path);
    return /\.ya?ml$/.test(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile()
      ? [path]
      : [];
  });
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function readStart(file) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(Math.min(statSync(file).size, MOST_BYTES));
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
  } finally {
    closeSync(descriptor);
  }
  return buffer.subarray(0, length);
}

function factsOf(root) {
  const real = realpathSync(root);
  const target = (path) => {
    try {
      return relative(real, realpathSync(join(real, path)));
    } catch {
      return undefined;
    }
  };
  const leaves = (inside) => inside === '..' || inside.startsWith(`..${sep}`);
  return {
    isDirectory: (path) => {
      const inside = target(path);
      return inside !== undefined && !leaves(inside) && isDirectory(resolve(real, inside));
    },
    leavesWorkspace: (path) => leaves(target(path) ?? ''),
  };
}

/** Variables that templates may name, from the plugin's options, as Nx itself would read them. */
function allowedEnv(root) {
  const path = join(root, 'nx.json');
  const plugins = existsSync(path) ? (parseJson(readFileSync(path, 'utf8'))?.plugins ?? []) : [];
  return plugins.find(({ plugin }) => plugin === 'nx-nixpack')?.options?.allowedEnv ?? [];
}

/** nx.json may hold comments; what cannot be read has no options. */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDirectory(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function usage(message) {
  console.error(`deployment:check: ${message}\n\n${HELP}`);
  return 2;
}

function print(text, code) {
  console.log(text);
  return code;
}
