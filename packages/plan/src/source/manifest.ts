import { UserError } from '@nx-nixpack/base';
import { struct, type DataNode, type Fields, type Shape, type StructOf } from '@nx-nixpack/data';

import { ifReadable, inFile, readAs } from './in-file.js';
import type { SourceTree } from './source-tree.js';

type Parser = (text: string) => DataNode;

/** What planning asks of a manifest: fields that it does not read are skipped, one that it reads may be given once (an alias counts as the field). */
export const facts = <F extends Fields>(
  fields: F,
  aliases: Readonly<Record<string, string>> = {},
): Shape<StructOf<F>> => struct(fields, { unknown: 'skip', aliases });

/** Reads a manifest; undefined when it is absent, UserError with its place when it cannot be read. */
export function readManifest<T>(
  source: SourceTree,
  file: string,
  parse: Parser,
  shape: Shape<T>,
): T | undefined {
  const text = source.has(file) ? source.read(file) : undefined;
  return text === undefined ? undefined : inFile(file, text, () => readAs(text, parse, shape));
}

/** The same for a file that must be there. */
export function requireManifest<T>(
  source: SourceTree,
  file: string,
  parse: Parser,
  shape: Shape<T>,
): T {
  const found = readManifest(source, file, parse, shape);
  if (found === undefined)
    throw planFault({
      message: `${file} does not exist`,
      hint: 'Create the file, or choose another provider.',
      file,
    });
  return found;
}

/** The same for a file that counts only when it can be read. */
export function tryManifest<T>(
  source: SourceTree,
  file: string,
  parse: Parser,
  shape: Shape<T>,
): T | undefined {
  const text = source.has(file) ? source.read(file) : undefined;
  return text === undefined ? undefined : ifReadable(() => readAs(text, parse, shape));
}

/** The text of a file that must be there. */
export function requireText(source: SourceTree, file: string): string {
  const text = source.has(file) ? source.read(file) : undefined;
  if (text === undefined)
    throw planFault({
      message: `${file} does not exist`,
      hint: 'Create the file, or choose another provider.',
      file,
    });
  return text;
}

/** The text of a file, '' when it is absent. */
export const textOf = (source: SourceTree, file: string): string =>
  source.has(file) ? (source.read(file) ?? '') : '';

/** Something in the source that planning cannot work with; `file` is where to look. */
export function planFault({ message, hint, file }: PlanFault): UserError {
  return new UserError({ code: 'PLAN_INVALID', message, hint, at: { file, line: 1, column: 1 } });
}

interface PlanFault {
  readonly message: string;
  readonly hint: string;
  readonly file: string;
}
