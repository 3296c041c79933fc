import { parseJson, readShape, type Shape } from '@nx-nixpack/data';
import { invalid, shownUrl } from '../failures.js';
import type { Answer, Question } from './question.js';

/** An answer in JSON as its shape reads it. Throws UserError ARCHIVE_INVALID. */
export function readJson<T>(shape: Shape<T>, answer: Answer, { channel, url }: Question): T {
  try {
    const { value } = readShape(shape, parseJson(answer.bytes.toString('utf8')));
    if (value !== undefined) return value;
  } catch {
    // Whatever it is, it is no answer.
  }
  throw invalid(`${channel}: ${shownUrl(url)} does not answer as a registry does`);
}
