import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { run } from './command.mjs';

const ROOT = new URL('../../', import.meta.url);

/**
 * Composes base images (see tools/base-images/compose.mjs). Our packer writes their layers, so it is compiled first
 * when that has not happened yet.
 *
 * @param {Parameters<import('../base-images/compose.mjs').buildBaseImages>[0]} options
 */
export async function buildBaseImages(options) {
  if (!existsSync(new URL('packages/oci/dist/index.js', ROOT))) await compilePacker();
  const { buildBaseImages: build } = await import('../base-images/compose.mjs');
  return build(options);
}

async function compilePacker() {
  const compiler = createRequire(ROOT).resolve('typescript/bin/tsc');
  await run(process.execPath, [compiler, '-b', 'packages/oci/tsconfig.build.json'], { cwd: ROOT });
}
