import { version as installed } from 'nx/package.json';
import { version } from '../version.js';

/** The first with the interface that this plugin has; peer ranges say it too, but not every installation heeds them. */
const OLDEST = { major: 22, minor: 7 };

/** Throws for an Nx that would call the plugin in another way and then blame it. */
export function requireNx(found: string = installed): void {
  const [major = 0, minor = 0] = found.split('.').map((part) => parseInt(part, 10));
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  const error = new Error(
    `nx-nixpack ${version} needs Nx ${OLDEST.major}.${OLDEST.minor} or newer, and this workspace has Nx ${found}. Run npx nx migrate ${OLDEST.major}, one major after the other.`,
  );
  error.stack = error.message;
  throw error;
}
