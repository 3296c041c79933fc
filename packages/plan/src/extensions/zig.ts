import type { Question } from '../amendments/amendment.js';
import { textOf } from '../source/manifest.js';
import { startExtension } from './start.js';

/** `addExecutable(.{ .name = "x"`, over several lines. */
const EXECUTABLE = /addExecutable\(\s*\.\{[^;]*?\.name\s*=\s*"([\w.-]+)"/;

/** The program that build.zig makes; its name has nothing to do with that of the source's directory. */
export const zigProgram = startExtension('zig-program', ['zig'], ({ source }: Question) => {
  const name = EXECUTABLE.exec(textOf(source, 'build.zig'))?.[1];
  if (name === undefined || name === source.name) return undefined;
  return { cmd: `./zig-out/bin/${name}`, because: `build.zig makes the program ${name}` };
});
