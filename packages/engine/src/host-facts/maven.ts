import { isPublicUrl, LENT, type ClientFile } from './language.js';
import { proxiesOf, type Proxy } from './proxies.js';

const SETTINGS = `${LENT}/maven.xml`;

interface Mirror {
  readonly id: string;
  readonly mirrorOf: string;
  readonly url: string;
}

/**
 * The mirrors of a settings.xml, without servers, profiles and passwords, and the proxies, which Maven takes from nowhere else.
 * Maven 3.9 and later take arguments from a variable; settings of the build's own user go before these.
 */
export const mavenFile: ClientFile = {
  places: ['.m2/settings.xml'],
  lend: (text, env) => {
    const mirrors = mirrorsIn(text);
    const { http, https, except } = proxiesOf(env);
    if (mirrors.length === 0 && http === undefined && https === undefined) return {};
    const proxies = [proxyXml('http', http, except), proxyXml('https', https, except)].join('');
    const all = `${mirrors.map(mirrorXml).join('')}${BLOCKED}`;
    const settings = `<settings><proxies>${proxies}</proxies><mirrors>${all}</mirrors></settings>\n`;
    return { env: { MAVEN_ARGS: `-gs ${SETTINGS}` }, files: { [SETTINGS]: settings } };
  },
};

/** What Maven's own global settings say, which these replace: nothing is fetched in the open. */
const BLOCKED =
  '<mirror><id>blocked</id><mirrorOf>external:http:*</mirrorOf><url>http://0.0.0.0/</url><blocked>true</blocked></mirror>';

const mirrorXml = ({ id, mirrorOf, url }: Mirror): string =>
  `<mirror><id>${id}</id><mirrorOf>${mirrorOf}</mirrorOf><url>${url}</url></mirror>`;

const proxyXml = (protocol: string, proxy: Proxy | undefined, except: readonly string[]): string =>
  proxy === undefined
    ? ''
    : `<proxy><id>${protocol}</id><active>true</active><protocol>${protocol}</protocol><host>${proxy.host}</host><port>${proxy.port}</port><nonProxyHosts>${except.join('|')}</nonProxyHosts></proxy>`;

function mirrorsIn(text: string): Mirror[] {
  const elements = text.replaceAll(/<!--[^]*?-->/g, '').matchAll(/<mirror>([^]*?)<\/mirror>/g);
  return [...elements].flatMap(([, mirror = '']) => {
    const member = (name: string): string =>
      new RegExp(`<${name}>\\s*([^<>]*?)\\s*</${name}>`).exec(mirror)?.[1] ?? '';
    const [id, mirrorOf, url] = [member('id'), member('mirrorOf'), member('url')];
    const isPlain = /^[\w.-]+$/.test(id) && /^[\w.:*!,-]+$/.test(mirrorOf) && isPublicUrl(url);
    return isPlain && !/<blocked>\s*true/.test(mirror) ? [{ id, mirrorOf, url }] : [];
  });
}
