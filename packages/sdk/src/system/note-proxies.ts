import { secretsRead } from '@nx-nixpack/base';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Notes the passwords of proxies, before a message can hold the address of one. */
export function noteProxies(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of NAMES) {
    const [, pair] = /\/\/([^/\s]*)@/.exec(env[name] ?? '') ?? [];
    if (pair === undefined) continue;
    const password = pair.slice(pair.indexOf(':') + 1);
    for (const text of [pair, password]) {
      secretsRead.add(text);
      secretsRead.add(unescaped(text));
    }
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
