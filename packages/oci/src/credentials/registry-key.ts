/** Docker Hub under each of its names; its historical address is what logins and helpers know it by. */
const HUB = 'docker.io';
const HUB_HOSTS: ReadonlySet<string> = new Set([HUB, 'index.docker.io', 'registry-1.docker.io']);
const HUB_KEY = 'https://index.docker.io/v1/';

/** What a credential helper calls a registry. */
export const helperKey = (registry: string): string =>
  canonicalHost(registry) === HUB ? HUB_KEY : registry;

function canonicalHost(host: string): string {
  const lower = host.toLowerCase();
  return HUB_HOSTS.has(lower) ? HUB : lower;
}

/**
 * The keys of `members` that are for this registry and repository, the most specific first. Hosts are equal as a whole,
 * port included: a key never matches a part of a name. A key may have a scheme, an API version or a repository prefix.
 */
export function matchingKeys(
  members: Readonly<Record<string, unknown>>,
  registry: string,
  repository: string,
): readonly string[] {
  const host = canonicalHost(registry);
  const matches = Object.keys(members).flatMap((key) => {
    const parsed = parseKey(key);
    const fits = canonicalHost(parsed.host) === host && isPrefix(parsed.path, repository);
    return fits ? [{ key, exact: key === registry, length: parsed.path.length }] : [];
  });
  matches.sort((a, b) => b.length - a.length || Number(b.exact) - Number(a.exact));
  return matches.map(({ key }) => key);
}

/** The path of a key with a scheme, and an API version, are history; any other path is a prefix of repositories. */
function parseKey(key: string): { host: string; path: string } {
  const bare = key.replace(/^https?:\/\//i, '');
  const slash = bare.indexOf('/');
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const path = slash < 0 ? '' : bare.slice(slash + 1).replace(/\/+$/, '');
  const isHistory = bare !== key || path === 'v1' || path === 'v2';
  return { host, path: isHistory ? '' : path };
}

const isPrefix = (path: string, repository: string): boolean =>
  path === '' || repository === path || repository.startsWith(`${path}/`);
