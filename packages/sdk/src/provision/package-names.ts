import type { DebianRelease } from '@nx-nixpack/channels';

/** Each name once; of several, `A | B`, the first that the release has. What it does not have stays, to be refused by its name. */
export function packageNames(release: DebianRelease, names: readonly string[]): readonly string[] {
  const chosen = names.map((text) => {
    const all = text.split(' | ');
    return all.find((one) => isThere(release, one)) ?? all[0] ?? text;
  });
  return [...new Set(chosen)];
}

function isThere(release: DebianRelease, text: string): boolean {
  const name = text.split(/[:=]/)[0] ?? text;
  return release.candidate(name) !== undefined || release.providers(name).length > 0;
}
