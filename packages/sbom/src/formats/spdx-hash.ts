import { createHash } from 'node:crypto';

/** Keeps identifiers apart whose readable part is the same, also when somebody has looked for texts that collide. */
export const spdxHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);
