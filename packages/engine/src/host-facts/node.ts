import type { HostKnowledge, Lent } from './language.js';
import { proxiesOf, type Proxy } from './proxies.js';

/** npm's variable is known to npm, yarn 1 and pnpm up to 10; the others have names of their own for the same registry. */
export function node({ env }: HostKnowledge): Lent {
  const registry = env['npm_config_registry'];
  const { http, https } = proxiesOf(env);
  return {
    env: {
      ...(registry === undefined
        ? {}
        : Object.fromEntries(REGISTRIES.map((name) => [name, registry]))),
      ...(registry?.startsWith('http:') ? { YARN_UNSAFE_HTTP_WHITELIST: hostOf(registry) } : {}),
      ...(http && { YARN_HTTP_PROXY: urlOf(http) }),
      ...(https && { YARN_HTTPS_PROXY: urlOf(https) }),
    },
  };
}

const REGISTRIES = [
  'BUN_CONFIG_REGISTRY',
  'COREPACK_NPM_REGISTRY',
  'NPM_CONFIG_REGISTRY',
  'YARN_NPM_REGISTRY_SERVER',
  'pnpm_config_registry',
];

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');
const urlOf = ({ host, port }: Proxy): string => `http://${host}:${port}`;
