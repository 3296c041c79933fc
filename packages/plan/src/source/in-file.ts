import { UserError } from '@nx-nixpack/base';
import { DataFault, positionAt } from '@nx-nixpack/data';

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
