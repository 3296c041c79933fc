/** A proxy without credentials. */
export interface Proxy {
  readonly host: string;
  readonly port: string;
}

export interface Proxies {
  readonly http?: Proxy;
  readonly https?: Proxy;
  /** Hosts that are reached without one, with `*` for any text. */
  readonly except: readonly string[];
}

/** The proxies as programs without variables of their own want them, from the usual ones in both spellings. */
export function proxiesOf(env: Readonly<Record<string, string>>): Proxies {
  const either = (name: string): string => env[name] ?? env[name.toUpperCase()] ?? '';
  const http = proxy(either('http_proxy'));
  const https = proxy(either('https_proxy'));
  return {
    ...(http && { http }),
    ...(https && { https }),
    except: either('no_proxy')
      .split(/[\s,]+/)
      .flatMap(patterns),
  };
}

function proxy(url: string): Proxy | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  if (hostname === '') return undefined;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port || STANDARD[protocol] || '80' };
}

const STANDARD: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** `example.com` stands for its subdomains too; ranges of addresses cannot be said. */
function patterns(entry: string): string[] {
  const host = entry.replace(/:\d+$/, '').replace(/^\*?\./, '');
  if (entry === '*') return ['*'];
  if (!/^[\w.-]+$/.test(host)) return [];
  return /^[\d.]+$/.test(host) ? [host] : [host, `*.${host}`];
}
