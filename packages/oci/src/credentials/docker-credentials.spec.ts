import { readdirSync } from 'node:fs';
import { scriptedRunner, type Script } from '@nx-nixpack/testing';
import { CREDENTIALS, dockerCredentials } from './docker-credentials.js';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const entry = (user: string, password = 'pw') => ({ auth: b64(`${user}:${password}`) });
const basic = (username: string, password = 'pw') => ({ kind: 'basic', username, password });
const says = (Username: string, Secret: string): Script => ({
  stdout: JSON.stringify({ ServerURL: 'x', Username, Secret }),
});
const NOT_FOUND: Script = {
  exitCode: 1,
  stdout: 'credentials not found in native keychain\n',
};

interface Case {
  readonly config?: unknown;
  readonly text?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly helpers?: Readonly<Record<string, Script>>;
  readonly registry?: string;
  readonly repository?: string;
}

function setUp({ config, text, files, env = {}, helpers = {} }: Case) {
  const runner = scriptedRunner(helpers);
  const all: Readonly<Record<string, string>> = files ?? {
    '/home/u/.docker/config.json': text ?? JSON.stringify(config),
  };
  const source = dockerCredentials({
    env,
    homeDirectory: '/home/u',
    runner,
    readFile: (path) => all[path],
  });
  return { source, runner };
}

async function find(given: Case) {
  const { registry = 'r.example', repository = 'team/app' } = given;
  const found = await setUp(given).source.find(registry, repository);
  return found?.credentials;
}

const auths = (members: object): { config: unknown } => ({ config: { auths: members } });

describe('configured credentials', () => {
  const table: readonly [string, Case, unknown][] = [
    ['no file at all', { files: {} }, undefined],
    ['an empty file', { text: ' ' }, undefined],
    ['an empty object', { config: {} }, undefined],
    ['auth', auths({ 'r.example': entry('u') }), basic('u')],
    ['a password with colons', auths({ 'r.example': entry('u', 'a:b:') }), basic('u', 'a:b:')],
    ['an empty password', auths({ 'r.example': entry('u', '') }), basic('u', '')],
    ['a password filled with NUL', auths({ 'r.example': entry('u', 'p\0\0') }), basic('u', 'p')],
    ['a password beyond ASCII', auths({ 'r.example': entry('ü', 'päß') }), basic('ü', 'päß')],
    [
      'username and password',
      auths({ 'r.example': { username: 'u', password: 'p:q' } }),
      basic('u', 'p:q'),
    ],
    [
      'identitytoken beside auth',
      auths({ 'r.example': { ...entry('u'), identitytoken: 't' } }),
      { kind: 'identity-token', token: 't' },
    ],
    [
      'registrytoken',
      auths({ 'r.example': { registrytoken: 't' } }),
      { kind: 'registry-token', token: 't' },
    ],
    [
      'user <token>',
      auths({ 'r.example': entry('<token>', 't') }),
      { kind: 'identity-token', token: 't' },
    ],
    ['an empty entry', auths({ 'r.example': {} }), undefined],
    ['a null entry', auths({ 'r.example': null }), undefined],
    ['a key with scheme', auths({ 'https://r.example': entry('u') }), basic('u')],
    ['a key with http scheme', auths({ 'http://r.example/': entry('u') }), basic('u')],
    ['a key with /v1/', auths({ 'https://r.example/v1/': entry('u') }), basic('u')],
    ['a bare key with /v2/', auths({ 'r.example/v2/': entry('u') }), basic('u')],
    ['a key in upper case', auths({ 'R.Example': entry('u') }), basic('u')],
    ['another port', auths({ 'r.example:5000': entry('u') }), undefined],
    [
      'the same port',
      { ...auths({ 'r.example:5000': entry('u') }), registry: 'r.example:5000' },
      basic('u'),
    ],
    [
      'no port for a registry with one',
      { ...auths({ 'r.example': entry('u') }), registry: 'r.example:5000' },
      undefined,
    ],
    ['a longer host', auths({ 'r.example.evil.test': entry('u') }), undefined],
    ['a host that ends like ours', auths({ 'evil-r.example': entry('u') }), undefined],
    ['a part of the host', auths({ example: entry('u') }), undefined],
    ['a subdomain', auths({ 'a.r.example': entry('u') }), undefined],
    ['a trailing dot', auths({ 'r.example.': entry('u') }), undefined],
    ['userinfo in the key', auths({ 'https://r.example@evil.test': entry('u') }), undefined],
    ['a prefix of the repository', auths({ 'r.example/team': entry('u') }), basic('u')],
    ['the repository itself', auths({ 'r.example/team/app': entry('u') }), basic('u')],
    ['half a part of the repository', auths({ 'r.example/tea': entry('u') }), undefined],
    [
      'the longest prefix',
      auths({
        'r.example': entry('host'),
        'r.example/team': entry('team'),
        'r.example/team/app': entry('app'),
        'r.example/team/app/x': entry('x'),
      }),
      basic('app'),
    ],
    [
      'the exact key before another form of it',
      auths({ 'https://r.example': entry('old'), 'r.example': entry('new') }),
      basic('new'),
    ],
    [
      'the next key when the best is empty',
      auths({ 'r.example': {}, 'https://r.example': entry('u') }),
      basic('u'),
    ],
    [
      "Docker Hub's historical key",
      { ...auths({ 'https://index.docker.io/v1/': entry('u') }), registry: 'docker.io' },
      basic('u'),
    ],
    [
      "Docker Hub's short key",
      { ...auths({ 'docker.io': entry('u') }), registry: 'registry-1.docker.io' },
      basic('u'),
    ],
    ['__proto__ as key', { text: '{"auths":{"__proto__":{"auth":"dTpw"}}}' }, undefined],
    [
      'DOCKER_CONFIG takes the place of the home directory',
      {
        env: { DOCKER_CONFIG: '/etc/d' },
        files: {
          '/etc/d/config.json': JSON.stringify({ auths: { 'r.example': entry('env') } }),
          '/home/u/.docker/config.json': JSON.stringify({ auths: { 'r.example': entry('home') } }),
        },
      },
      basic('env'),
    ],
    [
      'REGISTRY_AUTH_FILE takes the place of auth.json',
      {
        env: { REGISTRY_AUTH_FILE: '/a.json', XDG_RUNTIME_DIR: '/run/u' },
        files: {
          '/a.json': JSON.stringify({ auths: { 'r.example': entry('file') } }),
          '/run/u/containers/auth.json': JSON.stringify({ auths: { 'r.example': entry('run') } }),
        },
      },
      basic('file'),
    ],
    [
      'auth.json of the run directory before that of the home directory',
      {
        env: { XDG_RUNTIME_DIR: '/run/u' },
        files: {
          '/home/u/.config/containers/auth.json': JSON.stringify({
            auths: { 'r.example': entry('home') },
          }),
          '/run/u/containers/auth.json': JSON.stringify({ auths: { 'r.example': entry('run') } }),
        },
      },
      basic('run'),
    ],
    [
      'auth.json when config.json has nothing',
      {
        files: {
          '/home/u/.docker/config.json': JSON.stringify({ auths: { other: entry('x') } }),
          '/home/u/.config/containers/auth.json': JSON.stringify({
            auths: { 'r.example': entry('home') },
          }),
        },
      },
      basic('home'),
    ],
    [
      'a helper for the registry',
      {
        config: {
          credHelpers: { 'r.example': 'ecr-login' },
          auths: { 'r.example': entry('file') },
        },
        helpers: { 'docker-credential-ecr-login': says('AWS', 's') },
      },
      basic('AWS', 's'),
    ],
    [
      'a helper that answers with an identity token',
      {
        config: { credHelpers: { 'r.example': 'h' } },
        helpers: { 'docker-credential-h': says('<token>', 't') },
      },
      { kind: 'identity-token', token: 't' },
    ],
    [
      'a helper for another registry',
      { config: { credHelpers: { 'r.example.evil.test': 'h' } } },
      undefined,
    ],
    [
      'a helper that knows nothing, then auths',
      {
        config: { credHelpers: { 'r.example': 'h' }, auths: { 'r.example': entry('file') } },
        helpers: { 'docker-credential-h': NOT_FOUND },
      },
      basic('file'),
    ],
    [
      'the store when the helper knows nothing',
      {
        config: { credHelpers: { 'r.example': 'h' }, credsStore: 'desktop.exe' },
        helpers: {
          'docker-credential-h': NOT_FOUND,
          'docker-credential-desktop.exe': says('u', 's'),
        },
      },
      basic('u', 's'),
    ],
    [
      'a helper that answers with empty fields',
      {
        config: { credsStore: 'h' },
        helpers: { 'docker-credential-h': says('', '') },
      },
      undefined,
    ],
  ];
  it.each(table)('%s', async (_, given, expected) => {
    expect(await find(given)).toEqual(expected);
  });
});

describe('configured credentials that cannot be used are an error', () => {
  const helper = (script: Script): Case => ({
    config: { credHelpers: { 'r.example': 'h' }, auths: { 'r.example': entry('u', 'hunter2') } },
    helpers: { 'docker-credential-h': script },
  });
  const table: readonly [string, Case, RegExp][] = [
    ['text that is not JSON', { text: '{"auths": hunter2' }, /not valid JSON/],
    ['a list', { text: '[]' }, /not a JSON object/],
    ['auths as a list', { config: { auths: [] } }, /auths/],
    ['auth that is not base64', auths({ 'r.example': { auth: '%%hunter2' } }), /not base64/],
    ['auth without a colon', auths({ 'r.example': { auth: b64('hunter2') } }), /user:password/],
    ['a number as password', auths({ 'r.example': { username: 'u', password: 1 } }), /password/],
    ['a text as entry', auths({ 'r.example': 'hunter2' }), /not an object/],
    [
      'a helper with a path',
      { config: { credsStore: '../../tmp/evil' } },
      /not a name of a program/,
    ],
    ['a helper with a shell line', { config: { credsStore: 'x; id' } }, /not a name of a program/],
    ['a helper with an option', { config: { credsStore: '-x' } }, /not a name of a program/],
    ['a helper that is not text', { config: { credHelpers: { 'r.example': 7 } } }, /not text/],
    [
      'a helper that is missing',
      { config: { credsStore: 'gone' } },
      /cannot be started \(ENOENT\)/,
    ],
    ['a helper that hangs', helper({ timedOut: true, exitCode: undefined }), /within 10 seconds/],
    ['a helper that is killed', helper({ exitCode: undefined, signal: 'SIGKILL' }), /failed/],
    [
      'a helper that fails',
      helper({ exitCode: 2, stderr: 'no\u001b[31m keychain' }),
      /no keychain/,
    ],
    ['a helper that prints junk', helper({ stdout: 'hunter2' }), /not JSON/],
    ['a helper that prints too much', helper({ stdout: '{}', truncated: true }), /more than 65536/],
    ['a helper that prints no fields', helper({ stdout: '{"Secret":"hunter2"}' }), /no Username/],
  ];
  it.each(table)('%s', async (_, given, message) => {
    const error = await find(given).then(
      () => undefined,
      (problem: Error) => problem,
    );
    expect(error).toMatchObject({ code: 'REGISTRY_AUTH' });
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('hunter2');
  });
});

it('asks a helper by its protocol, without variables and folders that would change what runs', async () => {
  const { source, runner } = setUp({
    config: { credsStore: 'desktop' },
    env: {
      PATH: '.:/w/node_modules/.bin:/usr/bin:rel',
      HOME: '/home/u',
      NODE_OPTIONS: '--require evil',
      LD_PRELOAD: 'evil.so',
    },
    helpers: { 'docker-credential-desktop': says('u', 's') },
  });
  const found = await source.find('docker.io', 'library/node');
  expect(found?.origin).toBe('helper desktop');
  expect(runner.commands).toEqual([
    {
      file: 'docker-credential-desktop',
      args: ['get'],
      env: { PATH: '/usr/bin', HOME: '/home/u' },
      input: 'https://index.docker.io/v1/',
      timeoutMs: 10_000,
      ownGroup: true,
      maxOutputBytes: 65536,
    },
  ]);
});

it('lists every reader file, each under its own name', () => {
  const files = readdirSync(__dirname).filter((file) =>
    /^(?:config-auths|credential-helpers|ecr.*)\.ts$/.test(file),
  );
  expect(CREDENTIALS.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});
