import { readFileSync } from 'node:fs';

/** A text of the host; undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A URL with a user or password is a credential: its place is a secret. */
export const hasPassword = (text: string): boolean => /\/\/[^/\s]*@/.test(text);
