import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_FORMATS, mayHoldCredentials, sourceCredentials } from './index.js';

/** Path and text; « stands before every setting that is to be found. */
const SPELLED: readonly (readonly [string, string])[] = [
  ['.npmrc', '# a comment\n«//registry.example.com/:_authToken=hunter2\n'],
  ['apps/api/.npmrc', '\ufeff«_auth = "aHVudGVyMg=="\r\n  «//host/:_password=aHVudGVyMg==\r\n'],
  [
    '.npmrc',
    '«registry=https://user:hunter2@registry.example.com/\n«proxy=http://u:hunter2@proxy:1\n',
  ],
  ['.npmrc', '«@acme:registry = "https://user:hunter2@host/" ; mine\n'],
  ['.npmrc', '«//host/:_authToken=${NPM_TOKEN:-hunter2}\n«//b/:_authToken=hunter2-${NPM_TOKEN}\n'],
  ['.npmrc', '«//host/:_authToken=$hunter2\n[section]\n«_authToken=hunter2 # ${NPM_TOKEN}\n'],
  ['.npmrc', '«//host/:key="-----BEGIN PRIVATE KEY-----\\nhunter2"\n«_AUTHTOKEN=hunter2\n'],
  [
    '.npmrc',
    '«registry=https://${USER}:hunter2@host/\n«registry=https://hunter2abcdefghijk1234@host/',
  ],
  ['.yarnrc', '# x\n«"//host/:_authToken" "hunter2"\n«registry "https://u:hunter2@host/"\n'],
  ['.yarnrc.yml', '«npmAuthToken: hunter2\nnpmScopes:\n  acme:\n    «npmAuthIdent: "me:hunter2"\n'],
  ['.yarnrc.yml', 'npmRegistries: { "//host": { «npmAuthToken: 12345678 } }\n'],
  [
    '.yarnrc.yml',
    '«npmRegistryServer: https://me:hunter2@host\n«httpProxy: "http://me:hunter2@p:1"\n',
  ],
  ['.yarnrc.yml', '«npmAuthToken: ${NPM_TOKEN-hunter2}\n'],
  ['.yarnrc.yml', 'broken: [\n  «npmAuthToken: "hunter2"\n'],
  [
    'bunfig.toml',
    '[install]\n«registry = "https://u:hunter2@host"\n[install.scopes]\n"@a" = { «token = "hunter2", url = "https://host" }\n',
  ],
  ['bunfig.toml', '[install.registry]\nurl = "x"\nusername = "me"\n«password = "hunter2"\n'],
  [
    'pip.conf',
    '[global]\nindex-url = «https://me:hunter2@host/simple\nextra-index-url =\n  «https://me:hunter2@b/simple\n  https://c/simple\n',
  ],
  ['config/pip.ini', '[global]\nproxy = «socks5://me:hunter2@proxy:1080\n'],
  [
    'requirements.txt',
    '--index-url «https://me:hunter2@host/simple\nx @ git+«https://hunter2abcdefghijk1234@host/x#egg=x\n-e git+«ssh://me:hunter2@host/y.git # y\n'
      .replace('git+«', '«git+')
      .replace('git+«', '«git+'),
  ],
  ['requirements/dev.in', '--extra-index-url=«https://me:hunter2@host/simple'],
  ['Pipfile', '[[source]]\nurl = "«https://me:hunter2@host/simple"\n'],
  [
    'pyproject.toml',
    '[[tool.poetry.source]]\n«url = "https://me:hunter2@host/simple"\n[project]\ndependencies = [«"x @ git+https://me:hunter2@host/x"]\n',
  ],
  [
    'poetry.toml',
    '[http-basic.acme]\nusername = "me"\n«password = "hunter2"\n[pypi-token]\n«pypi = "hunter2"\n',
  ],
  [
    '.pypirc',
    '[pypi]\nusername: __token__\n«password: hunter2\n«repository = https://me:hunter2@host\n',
  ],
  [
    '.netrc',
    '# x\nmachine a login b «password hunter2\nmachine c\n\tlogin d\n\t«password\n\thunter2\n',
  ],
  ['home/_netrc', 'macdef init\npassword no\n\ndefault login me «password hunter2'],
  ['.git-credentials', '«https://me:hunter2@host\n'],
  ['.gitmodules', '[submodule "x"]\n\turl = «https://me:hunter2@host/x.git\n'],
  [
    'settings.xml',
    '<settings>\n<!-- <password>no</password> -->\n<server>«<password>hunter2</password>«<passphrase> hunter2\n</passphrase></server></settings>',
  ],
  [
    '.mvn/ci-settings.xml',
    '<settings xmlns="x"><password/>«<password><![CDATA[hunter2]]></password></settings>',
  ],
  [
    'settings.xml',
    '<settings><property><name>Private-Token</name>«<value>hunter2</value></property><url>«https://me:hunter2@host</url></settings>',
  ],
  ['settings-security.xml', '<settingsSecurity>«<master>{hunter2=}</master></settingsSecurity>'],
  [
    'gradle.properties',
    '«systemProp.https.proxyPassword=hunter2\n«signing.password = hunter2\n«repo=https://me:hunter2@host\n',
  ],
  ['.cargo/credentials', '[registry]\n«token = "hunter2"\n'],
  [
    '.cargo/credentials.toml',
    '[registries.acme]\n«token = "hunter2"\n«secret-key = "k3.secret.hunter2"\n',
  ],
  ['.cargo/config.toml', '[source.acme]\n«registry = "sparse+https://me:hunter2@host/index/"\n'],
  ['Cargo.toml', '[dependencies]\nx = { git = "«https://me:hunter2@host/x" } # x\n'],
  ['Gemfile', 'source "«https://me:hunter2@host"\n'],
  [
    'NuGet.Config',
    '<configuration><packageSourceCredentials><a>«<add key="ClearTextPassword" value="hunter2" /></a></packageSourceCredentials><apikeys>«<add key="https://host" value="hunter2"/></apikeys></configuration>',
  ],
  [
    'auth.json',
    '{"http-basic": {"host": {"username": "me", «"password": "hunter2"}}, "github-oauth": {«"github.com": "hunter2"}}',
  ],
  [
    'composer.json',
    '{"config": {"bearer": {«"host": "hunter2"}}, "repositories": [{«"url": "https://me:hunter2@host"}]}',
  ],
  ['.bundle/config', '---\n«BUNDLE_GEMS__EXAMPLE__COM: "me:hunter2"\n'],
  ['.gem/credentials', '---\n«:rubygems_api_key: hunter2\n'],
  [
    '.docker/config.json',
    '{"auths": {"host": {«"auth": "aHVudGVyMg=="}, "b": {«"identitytoken": "hunter2"}}}',
  ],
  ['package.json', '{"dependencies": {«"x": "git+https://hunter2:x-oauth-basic@host/x.git"}}'],
  [
    'package-lock.json',
    '{"packages": {"a": {"resolved": "«https://me:hunter2@host/a.tgz"}, "b": {"resolved": "https://me:hunter2@host/b.tgz"}}}',
  ],
  ['yarn.lock', 'a@^1:\n  resolved "«https://me:hunter2@host/a.tgz#0123"\n'],
];

/** Nothing is to be found: the values are variables, empty, in comments, or none of the program's credentials. */
const HARMLESS: readonly (readonly [string, string])[] = [
  [
    '.npmrc',
    '//host/:_authToken=${NPM_TOKEN}\n//host/:_authToken="${NPM_TOKEN}"\n_auth=${A}${B}\n//b/:_authToken=${T?}\n',
  ],
  [
    '.npmrc',
    '; _authToken=hunter2\n# //host/:_authToken=hunter2\n_authToken=\n_auth=\n//host/:_authToken = ${NPM_TOKEN} # note\n',
  ],
  [
    '.npmrc',
    'registry=https://${USER}:${PASSWORD}@host/\nregistry=https://registry.example.com/@scope/x\n//host/:username=me\n//host/:_password=${P}\n',
  ],
  [
    '.npmrc',
    '//host/:_authToken=${NPM_TOKEN:-}\n//host/:_authToken=${NPM_TOKEN-}\n//host/:keyfile=/run/secrets/key\n',
  ],
  [
    '.npmrc',
    'registry=https://user@host/\nregistry=https://oauth2accesstoken@host/\nregistry=https://VssSessionToken@host/\nsign-git-tag=true\n',
  ],
  ['.npmrc.example', '_authToken=hunter2\n'],
  [
    '.yarnrc',
    'registry "https://registry.yarnpkg.com"\n"//host/:_authToken" "${NPM_TOKEN}"\n# npmAuthToken x\n',
  ],
  [
    '.yarnrc.yml',
    'npmAuthToken: "${NPM_TOKEN-}"\nnpmScopes: { a: { npmAuthIdent: "${NPM_USER}:${NPM_PASSWORD:-}" } }\nnpmAlwaysAuth: true\n',
  ],
  [
    'bunfig.toml',
    '[install.scopes]\n"@a" = { token = "$NPM_TOKEN", url = "https://$npm_user:${NPM_PASSWORD}@host" }\n[test]\ncoverage = true\n',
  ],
  [
    'pip.conf',
    '[global]\n# index-url = https://me:hunter2@host\nindex-url = https://${USER}:${PASSWORD}@host/simple\ntrusted-host = a@b\n',
  ],
  [
    'requirements.txt',
    '# --index-url https://me:hunter2@host\nx @ git+ssh://git@github.com/a/b\ny @ git+https://${GITHUB_TOKEN}@github.com/a/b\nz==1 # https://a:b@c\n',
  ],
  [
    'requirements.txt',
    'x @ https://${TOKEN}:x-oauth-basic@github.com/x\n--index-url https://__token__:${PASSWORD}@host/simple\n',
  ],
  [
    'pyproject.toml',
    '[tool.pytest.ini_options]\nenv = ["URL=http://me:hunter2@localhost"]\n[project.urls]\nHomepage = "https://host"\n',
  ],
  [
    '.netrc',
    'machine a login b password ${PASSWORD}\n# password hunter2\nmachine c login password\n'.replace(
      'login password',
      'login x',
    ),
  ],
  ['.pypirc', '[pypi]\nusername = __token__\npassword =\n'],
  [
    'settings.xml',
    '<settings><server><password>${env.MAVEN_PASSWORD}</password><passphrase></passphrase><password>{COQLCE6DU6GtcS5P=}</password></server></settings>',
  ],
  ['src/settings.xml', '<config><password>hunter2</password></config>'],
  [
    'gradle.properties',
    'testDatabasePassword=hunter2\n#signing.password=hunter2\norg.gradle.jvmargs=-Xmx1g\n',
  ],
  ['.cargo/config.toml', '[build]\ntarget = "x"\n[alias]\nb = "build"\n'],
  [
    'nuget.config',
    '<configuration><packageSources><add key="a" value="https://host"/></packageSources><a><add key="ClearTextPassword" value="%TOKEN%"/></a></configuration>',
  ],
  ['auth.json', '{"user": {"password": "hunter2"}, "github-oauth": {}}'],
  [
    '.bundle/config',
    '---\nBUNDLE_BUILD__NOKOGIRI: "--use-system-libraries"\nBUNDLE_PATH: "vendor"\nBUNDLE_WITHOUT: "a:b"\n',
  ],
  ['.docker/config.json', '{"auths": {"host": {}}, "credsStore": "x", "currentContext": "auth"}'],
  [
    'package.json',
    '{"scripts": {"test": "DATABASE_URL=postgres://a:hunter2@localhost/x jest"}, "repository": "https://me:hunter2@host", "dependencies": {"x": "git+ssh://git@github.com/a/b", "@a/b": "npm:@c/d@1"}}',
  ],
  [
    'package-lock.json',
    '{"packages": {"a": {"resolved": "git+ssh://git@github.com/a/b.git#0123", "funding": "https://x/?a=b@c"}}}',
  ],
  ['yarn.lock', '"@a/b@npm:1.0.0":\n  resolution: "@a/b@npm:1.0.0"\n"x@https://host/x.tgz":\n'],
  ['README.md', 'https://me:hunter2@host'],
];

const unmarked = (text: string): string => text.replaceAll('«', '');
const placesOf = (text: string): readonly string[] =>
  text
    .split('«')
    .slice(0, -1)
    .map((_, index, parts) => {
      const before = parts.slice(0, index + 1).join('');
      const line = before.slice(before.lastIndexOf('\n') + 1);
      return `${before.split('\n').length}:${line.length + 1}`;
    });
const found = (path: string, text: string) =>
  sourceCredentials(path, unmarked(text)).map(({ at }) => `${at?.line}:${at?.column}`);

describe('sourceCredentials', () => {
  it.each(SPELLED)('%s: %j', (path, text) => {
    expect([...found(path, text)].sort()).toEqual([...placesOf(text)].sort());
    for (const { message, hint, code, at } of sourceCredentials(path, unmarked(text))) {
      expect(`${message} ${hint}`).not.toMatch(/hunter2|aHVudGVyMg|12345678/);
      expect([code, at?.file]).toEqual(['SOURCE_CREDENTIALS', path]);
    }
  });

  it.each(HARMLESS)('nothing in %s: %j', (path, text) => {
    expect(found(path, text)).toEqual([]);
  });

  it('knows each file as one kind, and has an example of each kind', () => {
    const paths = [...SPELLED, ...HARMLESS].map(([path]) => path);
    for (const path of paths)
      expect(CREDENTIAL_FORMATS.filter(({ files }) => files.test(path)).length).toBeLessThan(2);
    for (const { files } of CREDENTIAL_FORMATS)
      expect(SPELLED.some(([path]) => files.test(path))).toBe(true);
    expect(mayHoldCredentials('src/npmrc.ts')).toBe(false);
  });

  it.each([...new Set(SPELLED.map(([path]) => path))])(
    'reads a %s that is made to be slow, and throws for nothing',
    (path) => {
      const pieces = ['://', 'a:', '<!--', '<password>', '"', '[', '{', '- ', '=', '${', "a = '"];
      for (const piece of pieces)
        expect(sourceCredentials(path, piece.repeat(10_000)).length).toBeLessThan(100);
    },
  );
});

it('docs/concepts/secrets.md names the files that are searched', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/concepts/secrets.md'), 'utf8');
  const named = [...page.matchAll(/`([\w./*-]+)`/g)].map(([, name = '']) => name.replace('*', ''));
  for (const { files } of CREDENTIAL_FORMATS)
    expect(named.filter((name) => files.test(name))).not.toEqual([]);
});
