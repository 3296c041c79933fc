import { UserError } from '@nx-nixpack/base';
import {
  byKey,
  DataFault,
  positionAt,
  readOrThrow,
  type DataNode,
  type Shape,
} from '@nx-nixpack/data';

/** Runs a parser or reader of `text`; what it does not accept becomes a UserError with file, line and column. */
export function inFile<T>(file: string, text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DataFault)) throw error;
    throw new UserError({
      code: 'PLAN_INVALID',
      message: `${file} cannot be read: ${error.message}`,
      hint: 'Correct the file at this place.',
      at: positionAt(file, text, error.offset),
    });
  }
}

/** The result of a parser or reader, or undefined when it does not accept its input. Bugs pass through. */
export function ifReadable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataFault) return undefined;
    throw error;
  }
}

/** What a text says. Throws its first fault, which calls the whole text "it": whoever catches it knows the file's name. */
export const readAs = <T>(text: string, parse: (text: string) => DataNode, shape: Shape<T>): T =>
  readOrThrow(shape, parse(text), { naming: byKey('it') });
