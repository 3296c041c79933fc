import { homedir } from 'node:os';
import { join } from 'node:path';

/** Downloads and finished layers, shared by all checkouts of a user. */
export const userCache = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nx-nixpack');
