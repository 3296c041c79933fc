import { Redactor } from './redactor.js';
import { sanitize } from './sanitize.js';
import { withoutShapes } from './secret-shapes.js';

/**
 * Every secret that this process has read: whoever reads one adds it before anything can fail that might show it. It is
 * the only state that the whole process shares, because messages meet in one terminal, whoever made them: a message of a
 * registry may hold the secret of a build. Nothing can be taken out of it or read from it.
 */
export const secretsRead: Pick<Redactor, 'add' | 'redact'> = new Redactor();

/**
 * Text as it may be shown or written to a log: without the secrets that this process has read, and safe for a terminal.
 * Secrets are looked for twice: control characters may hide one, and cutting a long line may halve one.
 */
export const publicText = (text: string): string =>
  secretsRead.redact(sanitize(secretsRead.redact(text)));

/** More of a foreign text is never looked at. */
const MOST = 4096;

/**
 * The beginning of what a foreign program or server said, as it may be shown. It is cut after secrets were taken out, so
 * that no half of one stays; what only looks like a credential goes too.
 */
export const excerpt = (text: string, length: number): string =>
  withoutShapes(publicText(text).trim().slice(0, MOST)).slice(0, length);
