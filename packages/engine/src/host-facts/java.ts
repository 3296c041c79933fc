import { LENT, type HostKnowledge, type Lent } from './language.js';
import { proxiesOf, type Proxy } from './proxies.js';
import { trustStore } from './trust-store.js';

const TRUST_STORE = `${LENT}/cacerts`;
/** Every JVM reads it: those of build tools, their daemons, and programs that they start. */
export const JVM_OPTIONS = 'JAVA_TOOL_OPTIONS';

/** No JVM reads the usual variables: certificates come in a store of its own format, proxies as system properties. */
export function java({ env, caBundle }: HostKnowledge): Lent {
  const { http, https, except } = proxiesOf(env);
  const options = [
    ...(caBundle ? [`-Djavax.net.ssl.trustStore=${TRUST_STORE}`] : []),
    ...proxyOptions('http', http),
    ...proxyOptions('https', https),
    ...(except.length > 0 && (http ?? https) ? [`-Dhttp.nonProxyHosts=${except.join('|')}`] : []),
  ];
  return {
    env: options.length === 0 ? {} : { [JVM_OPTIONS]: options.join(' ') },
    files: caBundle ? { [TRUST_STORE]: trustStore(caBundle) } : {},
  };
}

const proxyOptions = (scheme: string, proxy: Proxy | undefined): string[] =>
  proxy === undefined
    ? []
    : [`-D${scheme}.proxyHost=${proxy.host}`, `-D${scheme}.proxyPort=${proxy.port}`];

/** The line with which each JVM tells of the variable; about what we lend nobody wants to read. */
export const isJvmNotice = (line: string, lent: Readonly<Record<string, string>>): boolean =>
  lent[JVM_OPTIONS] !== undefined && line === `Picked up ${JVM_OPTIONS}: ${lent[JVM_OPTIONS]}`;
