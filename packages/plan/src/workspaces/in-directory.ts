import { quoteWord } from '@nx-nixpack/base';

/** A command as it runs in a directory below /app; '' is /app itself. */
export const inDirectory = (directory: string, command: string): string =>
  directory === '' ? command : `cd -- ${quoteWord(directory, true)} && ${command}`;
