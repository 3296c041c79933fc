import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { memoryTree, silent } from '@nx-nixpack/base';
import { readLayout, Store, type Image } from '@nx-nixpack/oci';
import { HERE, recipe, run, stage } from '../../../engine/src/engines/requests.contract.js';
import { hostNetwork } from '../system/host-network.js';
import { InterceptingProxy, REGISTRY } from '../system/intercepting-proxy.contract.js';
import { DEPLOYMENT, ProvidedWorkspace, sourceEngines } from './provided-workspace.contract.js';

const AT = `https://${REGISTRY}`;

/** Clients: what they are told to fetch, and where that must arrive. They fail, since the proxy has nothing. */
const CLIENTS: Readonly<Record<string, readonly [command: string, path: string]>> = {
  curl: [`curl -sS ${AT}/curl/x`, '/curl/x'],
  git: [`git ls-remote ${AT}/git/x`, '/git/x/info/refs?service=git-upload-pack'],
  node: [`NODE_USE_ENV_PROXY=1 node -e 'fetch("${AT}/node/x")'`, '/node/x'],
  npm: ['npm view probe --fetch-retries=0', '/npm/probe'],
  bun: ['bun add probe', '/npm/probe'],
  deno: [`deno run ${AT}/deno/x.ts`, '/deno/x.ts'],
  pip: ['python3 -m venv venv && venv/bin/pip download --retries 0 probe', '/pypi/simple/probe/'],
  go: ['go list -m example.com/probe@latest', '/go/example.com/probe/@v/list'],
  cargo: [
    `mkdir src && touch src/lib.rs && printf '[package]\\nname="x"\\nversion="1.0.0"\\n[dependencies]\\nprobe="1"\\n' > Cargo.toml && cargo fetch`,
    '/cargo/config.json',
  ],
  ruby: [`ruby -ropen-uri -e 'URI.open("${AT}/ruby/x")'`, '/ruby/x'],
  php: [
    `php -r '$proxy = "tcp" . substr(getenv("https_proxy"), 4); file_get_contents("${AT}/php/x", false, stream_context_create(["http" => ["proxy" => $proxy]]));'`,
    '/php/x',
  ],
  composer: ['composer show --all probe/probe', '/composer/packages.json'],
  java: [
    `printf 'class Probe { public static void main(String[] a) throws Exception { new java.net.URL("${AT}/java/x").openStream(); } }' > Probe.java && java Probe.java`,
    '/java/x',
  ],
  maven: [
    `printf '<project><modelVersion>4.0.0</modelVersion><parent><groupId>probe</groupId><artifactId>probe</artifactId><version>1</version><relativePath/></parent><artifactId>x</artifactId></project>' > pom.xml && mvn -B validate`,
    '/maven/probe/probe/1/probe-1.pom',
  ],
};
const RUNTIMES = ['bun', 'deno', 'go', 'java', 'maven', 'node', 'php', 'python', 'ruby', 'rust'];

/** For the base, which holds ten toolchains, on a machine that does much else. */
const MINUTES = 60;

/** What the ordinary clients of such a machine are configured with. */
const HOME = {
  '.m2/settings.xml': `<settings><mirrors><mirror><id>all</id><mirrorOf>*</mirrorOf><url>${AT}/maven</url></mirror></mirrors></settings>`,
  '.cargo/config.toml': `[source.crates-io]\nreplace-with = "mirror"\n[source.mirror]\nregistry = "sparse+${AT}/cargo/"\n`,
  '.composer/config.json': JSON.stringify({
    repositories: { mirror: { type: 'composer', url: `${AT}/composer` } },
  }),
};
const ENVIRONMENT = {
  npm_config_registry: `${AT}/npm/`,
  PIP_INDEX_URL: `${AT}/pypi/simple/`,
  GOPROXY: `${AT}/go`,
  GOSUMDB: 'off',
};

describe('behind a proxy that looks into what is sent', () => {
  const workspace = new ProvidedWorkspace();
  const directory = mkdtempSync(join(tmpdir(), 'intercepted-'));
  const [engine] = sourceEngines();
  let proxy: InterceptingProxy;
  let base: Image;

  beforeAll(async () => {
    mkdirSync(join(directory, 'certificates'));
    proxy = await InterceptingProxy.start(join(directory, 'certificates'));
    for (const [path, text] of Object.entries(HOME)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const runtimes = RUNTIMES.map((name) => `${name}: ""`).join(', ');
    workspace.describe({
      all: {
        vars: `base: { runtimes: { ${runtimes} }, purpose: build }, apt_pkgs: [curl, git]`,
        settings: '',
      },
    });
    await workspace.build('all', 'store');
    const layout = workspace.path(`dist/nixpack/${DEPLOYMENT}/nixpack/all/image/oci`);
    const store = Store.open(workspace.path('stores/store'));
    base = await readLayout(layout, { platform: HERE, store });
  }, MINUTES * 60_000);
  afterAll(() => {
    proxy.close();
    workspace.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs a client in a build on this machine; `trust`: what the machine says of its certificates. Returns what arrived. */
  async function arrived(command: string, trust: Readonly<Record<string, string>>) {
    const host = hostNetwork(
      { ...ENVIRONMENT, https_proxy: proxy.url, HTTPS_PROXY: proxy.url, ...trust },
      directory,
    );
    const step = run(`{ ${command}; } || echo ${JSON.stringify(trust)}`, { network: true });
    await engine?.build({
      recipe: recipe([stage([step])]),
      source: memoryTree({}),
      bases: { build: base },
      platform: HERE,
      storeDirectory: workspace.path('stores/store'),
      secrets: new Map(),
      host,
      progress: silent,
      signal: new AbortController().signal,
    });
    return proxy.take();
  }

  it.each(Object.entries(CLIENTS))(
    '%s takes the certificates of the host, and only those',
    async (_name, [command, path]) => {
      expect(await arrived(command, {})).toEqual([]);
      const paths = await arrived(command, { NODE_EXTRA_CA_CERTS: proxy.authority });
      expect(paths).toContainEqual(expect.stringContaining(path));
    },
  );
});
