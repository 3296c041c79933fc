import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from '../build.mjs';
import { buildBaseImages } from '../setup/base-images.mjs';
import { installPackages } from '../setup/debian-packages.mjs';
import { withRegistry } from '../setup/registry.mjs';
import { root } from '../root.mjs';
import { collectResults, printResults } from './results.mjs';
import { runNx } from './run-nx.mjs';
import { prepareWorkspace } from './workspace.mjs';

const log = (line) => console.log(line);

/**
 * @param {{ registry?: string, store?: string, workspace?: string, json?: string, locked: boolean,
 *   toolchain: 'base' | 'debian' }} options
 */
export async function runDemo(options) {
  await installPackages({ log });
  await build();
  const bases = options.toolchain === 'base' ? await makeBases(options) : undefined;
  const workspace = resolve(
    options.workspace ?? join(mkdtempSync(join(tmpdir(), 'nx-nixpack-demo-')), 'shop'),
  );
  const push = (registry) => pushAll({ ...options, workspace, registry, bases });
  const results = options.registry ? await push(options.registry) : await withRegistry(push);
  if (options.json) writeFileSync(resolve(options.json), `${JSON.stringify(results, null, 2)}\n`);
  printResults(results, workspace);
}

async function makeBases({ locked }) {
  const out = join(root, 'dist', 'base-images');
  await buildBaseImages({ out, locked, log });
  return out;
}

async function pushAll({ workspace, registry, store, bases }) {
  await prepareWorkspace({
    directory: workspace,
    registry,
    bases,
    ...(store ? { store: resolve(store) } : {}),
  });
  console.log(`\n=== nx run-many -t push-image (in ${workspace}, registry ${registry})`);
  const environment = store ? { NX_NIXPACK_STORE: resolve(store) } : {};
  await runNx(workspace, ['run-many', '-t', 'push-image', '--output-style=stream'], environment);
  return collectResults(workspace);
}
