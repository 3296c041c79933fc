import type { Step } from '../../recipe/recipe.js';

/** A program of /usr/local/bin that is a few lines of shell. */
export const executable = (name: string, ...lines: readonly string[]): Step =>
  file(`/usr/local/bin/${name}`, ['#!/bin/sh', ...lines], 0o755);

/** A text file of the layer that holds the tools. */
export const file = (path: string, lines: readonly string[], mode = 0o644): Step => ({
  kind: 'write',
  layer: 'toolchain',
  path,
  content: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  mode,
});
