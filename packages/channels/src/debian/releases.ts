/** The next release, with the newest of everything; what nobody needs it for does without. */
export const TESTING = 'forky';

/**
 * The Debian releases that programs are looked for in, in this order: the stable one, those before it, the next. A mirror of
 * another distribution has none of them.
 */
export const RELEASES: readonly string[] = ['trixie', 'bookworm', 'bullseye', TESTING];
