import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version that documents name as their tool. */
export const version = (
  JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }
).version;
