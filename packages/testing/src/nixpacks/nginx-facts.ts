/** What an nginx configuration says, in the words of the conformance cases. */
export function nginxFacts(config: string): Readonly<Record<string, unknown>> {
  const all = (directive: string): readonly string[] =>
    [...config.matchAll(new RegExp(`(?<![\\w/])${directive}\\s+([^;{}]+);`, 'g'))].map((match) =>
      unquoted(match[1] ?? ''),
    );
  return {
    authBasicUserFile: all('auth_basic_user_file')[0] ?? null,
    autoindex: all('autoindex')[0],
    errorPages: all('error_page'),
    gzip: all('gzip')[0],
    include: all('include')[0],
    listen: all('listen')[0],
    root: all('root')[0],
  };
}

const unquoted = (value: string): string => value.trim().replace(/^"(.*)"$/, '$1');
