import type { Archive } from '../archive.js';
import type { DebianRelease } from './open-release.js';
import { resolveDebian } from './resolve.js';

/** What the minimal Debian has beyond what is essential: its package manager, certificates, time zones, names of services. */
const BESIDES = ['apt', 'bash', 'ca-certificates', 'mawk', 'netbase', 'passwd', 'tzdata'];

/** Names that a release may lack; where it has them, they are the smaller of two ways. */
const WHERE_THERE = ['usr-is-merged'];

/** The packages of a minimal Debian, in the order in which they are installed. */
export function baseOf(release: DebianRelease): readonly Archive[] {
  const essential = release.essential().map(({ name }) => name);
  const smaller = WHERE_THERE.filter((name) => release.candidate(name) !== undefined);
  return resolveDebian(release, [...smaller, ...essential, ...BESIDES]);
}
