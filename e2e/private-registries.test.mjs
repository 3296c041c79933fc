import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ClosedServer } from './support/closed-server.mjs';
import { Scratch } from './support/scratch.mjs';
import { SdkWorkspace } from './support/sdk-workspace.mjs';
import { filesWith, formsOf } from './support/search.mjs';
import { mavenBase, noMaven } from './support/maven-base.mjs';
import { NpmRegistry } from './support/verdaccio.mjs';

/** Hours: what never ends shall end, what is slow shall not. */
const LIMIT = 5 * 3_600_000;
const USER = 'builder';
/** 32 random bytes; characters that URLs must encode are in every base64 text of that length. */
const password = randomBytes(32).toString('base64');

/** Component, and what is in its image when its package was installed. */
const PROOFS = [
  ['npm', 'node_modules/@private/canary/private.js'],
  ['pnpm', 'node_modules/@private/canary/private.js'],
  ['yarn', 'node_modules/@private/canary/private.js'],
  ['yarn-berry', 'node_modules/@private/canary/private.js'],
  ['pip', 'site-packages/nixpack_private.py'],
  ['pip-requirements', 'site-packages/nixpack_private.py'],
  ['pip-netrc', 'site-packages/nixpack_private.py'],
  ['go', 'example.com/private v1.0.0'],
  ['go-netrc', 'example.com/private v1.0.0'],
  ['maven', 'm2/com/example/parent/1.0/parent-1.0.pom'],
];

/** Java and Maven come from this machine, for no base image has them. */
const skipped = (name) => name === 'maven' && noMaven();

describe(
  'a private registry gives its packages to a build with the secret',
  { timeout: LIMIT },
  () => {
    let scratch;
    let server;
    let npm;
    let token;
    let workspace;

    before(async () => {
      scratch = new Scratch('nixpack-private-');
      server = await ClosedServer.start({ user: USER, password, directory: scratch.directory });
      npm = await NpmRegistry.start({ closed: true });
      token = await npm.tokenFor(USER, password);
      await publishPrivate(npm, token, join(scratch.directory, 'published'));
      workspace = new SdkWorkspace({
        directory: join(scratch.directory, 'workspace'),
        store: join(scratch.directory, 'store'),
      });
      const { caBundle = Buffer.alloc(0) } = workspace.host;
      workspace.host.caBundle = Buffer.concat([caBundle, Buffer.from('\n'), server.certificate]);
      workspace.host.loopbackPorts = [...server.ports, Number(new URL(npm.url).port)];
      // What a developer has configured on this machine is not what is tried here.
      workspace.host.env = { ...workspace.host.env, npm_config_registry: npm.url };
      workspace.create(components({ npm, server }));
      if (noMaven() === undefined)
        await mavenBase(join(workspace.directory, 'maven-base'), scratch.directory);
    });

    after(async () => {
      server?.stop();
      await npm?.stop();
      scratch?.remove();
    });

    const environment = () => ({
      NPM_TOKEN: token,
      PIP_INDEX_URL: withPassword(server.https, '/simple'),
      PIP_PASSWORD: encodeURIComponent(password),
      GOPROXY: withPassword(server.https, '/go'),
      NETRC_CONTENT: netrc(server),
      MAVEN_PASSWORD: password,
    });

    for (const [name, proof] of PROOFS)
      test(name, { skip: skipped(name) }, async () => {
        await workspace.build(name, environment());
        assert.ok(
          workspace.ownLayers(name).some((layer) => layer.includes(proof)),
          'not installed',
        );
      });

    test('and to no other: a file in the place of the variable is refused', async () => {
      await assert.rejects(workspace.build('npm-file', environment()), /E40[13]/);
      assert.ok(server.asked.welcome > 0);
    });

    test('and no secret is in an image, a record, a cache or the store', () => {
      const forms = [password, encodeURIComponent(password), token].flatMap(formsOf);
      assert.deepEqual(filesWith(workspace.outputs(''), forms), []);
      assert.deepEqual(filesWith(workspace.store, forms), []);
    });
  },
);

function withPassword(url, path) {
  const { protocol, host } = new URL(url);
  return `${protocol}//${USER}:${encodeURIComponent(password)}@${host}${path}`;
}

/** Go knows a host with an odd port by both, pip by its name alone. */
const netrc = ({ host, https }) =>
  [host, new URL(https).host]
    .map((machine) => `machine ${machine} login ${USER} password ${password}\n`)
    .join('');

async function publishPrivate(npm, token, directory) {
  mkdirSync(directory);
  const { host } = new URL(npm.url);
  const files = {
    'package.json': JSON.stringify({
      name: '@private/canary',
      version: '1.0.0',
      main: 'private.js',
    }),
    'private.js': 'module.exports = "private";\n',
    '.npmrc': `//${host}/:_authToken=${token}\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  await npm.npm(['publish', '--registry', npm.url, '--userconfig', '.npmrc'], directory);
}

/** The recipes of docs/concepts/secrets.md. */
function components({ npm, server }) {
  const { host } = new URL(npm.url);
  const manifest = JSON.stringify({
    name: 'app',
    version: '1.0.0',
    dependencies: { '@private/canary': '1.0.0' },
    scripts: { check: 'node -p \'require("@private/canary")\'' },
  });
  const npmrc = `@private:registry=${npm.url}\n//${host}/:_authToken=\${NPM_TOKEN}\n`;
  const node = { files: { 'package.json': manifest, '.npmrc': npmrc }, settings: nodeSettings };
  // The build runs without the variable, which must not disturb the package manager either.
  const installs = (command, more = '') => ({
    ...node,
    vars: `install_cmd: '${command}', build_cmd: '${/[a-z]+(?= install$)/.exec(command)} run check'${more}`,
  });
  const netrc = 'secrets: { netrc: { env: NETRC_CONTENT } }';
  const yarnrc = `nodeLinker: node-modules
enableImmutableInstalls: false
enableTelemetry: false
unsafeHttpWhitelist: ['*']
npmRegistryServer: ${npm.url}
npmScopes:
  private:
    npmRegistryServer: ${npm.url}
    npmAlwaysAuth: true
    npmAuthToken: '\${NPM_TOKEN-}'
`;
  const go = {
    'go.mod': 'module example.com/app\n\ngo 1.22\n\nrequire example.com/private v1.0.0\n',
    'main.go': 'package main\n\nfunc main() {}\n',
  };
  return {
    npm: node,
    pnpm: installs('npm install --global pnpm@9.15.9 && pnpm install'),
    yarn: installs('npm install --global yarn@1.22.22 && yarn install', ", env: { NPM_TOKEN: '' }"),
    'yarn-berry': {
      ...installs('npm install --global @yarnpkg/cli-dist@4.9.2 && yarn install'),
      files: { 'package.json': manifest, '.yarnrc.yml': yarnrc },
    },
    'npm-file': {
      // Another command: what the right one left is in the store.
      ...installs('true && npm install'),
      settings: nodeSettings.replace('as: variable', 'as: file'),
    },
    pip: {
      files: { 'requirements.txt': 'nixpack-private==1.0\n' },
      settings: `build_image: oci:.bases/python, secrets: { PIP_INDEX_URL: { env: PIP_INDEX_URL, as: variable } }`,
    },
    'pip-requirements': {
      files: {
        'requirements.txt': `--index-url ${server.https.replace('//', `//${USER}:\${PIP_PASSWORD}@`)}/simple\nnixpack-private==1.0\n`,
      },
      settings: `build_image: oci:.bases/python, secrets: { PIP_PASSWORD: { env: PIP_PASSWORD, as: variable } }`,
    },
    'pip-netrc': {
      files: { 'requirements.txt': `--index-url ${server.https}/simple\nnixpack-private==1.0\n` },
      vars: 'build_env: { NETRC: /run/secrets/netrc }',
      settings: `build_image: oci:.bases/python, ${netrc}`,
    },
    go: {
      files: go,
      vars: `${GO_BUILD}, build_env: { GOFLAGS: -mod=mod, GOSUMDB: 'off' }`,
      settings: `build_image: oci:.bases/go-build, run_image: oci:.bases/go-run, secrets: { GOPROXY: { env: GOPROXY, as: variable } }`,
    },
    'go-netrc': {
      files: go,
      vars: `${GO_BUILD}, build_env: { GOFLAGS: -mod=mod, GOSUMDB: 'off', GOPROXY: '${server.https}/go', NETRC: /run/secrets/netrc }`,
      settings: `build_image: oci:.bases/go-build, run_image: oci:.bases/go-run, ${netrc}`,
    },
    maven: {
      files: {
        'pom.xml': pom(server.http),
        '.mvn/settings.xml': mavenSettings,
        '.mvn/maven.config': '-s\n.mvn/settings.xml\n',
      },
      vars: `build_cmd: '${MAVEN} -B -Dmaven.repo.local=m2 validate', build_env: { JAVA_HOME: /usr/lib/jvm/java }`,
      settings: `build_image: oci:maven-base, secrets: { MAVEN_PASSWORD: { env: MAVEN_PASSWORD, as: variable, phases: [build] } }`,
    },
  };
}

const pom = (url) => `<project><modelVersion>4.0.0</modelVersion>
<parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version></parent>
<artifactId>app</artifactId><packaging>pom</packaging>
<repositories><repository><id>private</id><url>${url}/maven</url></repository></repositories></project>
`;

const mavenSettings = `<settings><servers><server><id>private</id>
<username>${USER}</username><password>\${env.MAVEN_PASSWORD}</password></server></servers></settings>
`;

const nodeSettings =
  'build_image: oci:.bases/node-build, secrets: { NPM_TOKEN: { env: NPM_TOKEN, as: variable } }';
const MAVEN = '/usr/share/maven/bin/mvn';
const GO_BUILD = "build_cmd: 'go list -m all > modules'";
