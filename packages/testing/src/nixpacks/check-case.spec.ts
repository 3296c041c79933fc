import { failedAssert } from './asserts.js';
import { checkCase } from './check-case.js';
import { readCase } from './conformance-case.js';
import type { ConformanceCase } from './conformance-case.js';

/** A case whose expectations hold; each test breaks one. */
const GOOD: ConformanceCase = readCase(
  JSON.stringify({
    name: 'staticfile',
    options: { env: ['A=1'] },
    executable: [],
    files: { 'index.html': '', 'Staticfile.auth': 'u:p' },
    expectedPlan: {
      buildImage: 'ghcr.io/railwayapp/nixpacks:ubuntu-1745885067',
      phases: {
        setup: {
          name: 'setup',
          cmds: ['mkdir /etc/nginx/ /var/log/nginx/ /var/cache/nginx/'],
          nixOverlays: [],
          nixPkgs: ['nginx'],
          nixpkgsArchive: '5148520bfab61f99fd25fb9ff7bfbb50dad3c9db',
        },
      },
      providers: [],
      start: {
        cmd: '[[ -z "${PORT}" ]] && echo "Environment variable PORT not found. Using PORT 80" || sed -i "s/0.0.0.0:80/$PORT/g" /assets/nginx.conf && nginx -c /assets/nginx.conf',
      },
      staticAssets: { '.htpasswd': 'u:p', 'nginx.conf': '[asset]' },
      variables: { A: '1', NIXPACKS_METADATA: 'staticfile' },
    },
    asserts: [{ op: 'equals', path: '$.phases.setup.nixPkgs[0]', value: 'nginx' }],
    expectedError: null,
    expectedProviders: ['staticfile'],
    expectedSubdirectory: null,
    expectedPhaseOrder: ['setup'],
    dockerOptions: { cacheKey: 'k' },
    expectedAssetFiles: ['.nixpacks/assets/.htpasswd', '.nixpacks/assets/nginx.conf'],
    expectedNixFiles: [
      {
        file: '.nixpacks/nixpkgs-5148520bfab61f99fd25fb9ff7bfbb50dad3c9db.nix',
        archive: '5148520bfab61f99fd25fb9ff7bfbb50dad3c9db',
        overlays: [],
        libs: [],
        opensslDirs: false,
        pkgs: 'nginx',
      },
    ],
    assetFacts: {
      'nginx.conf': {
        listen: '0.0.0.0:80',
        root: '/app/',
        gzip: 'on',
        autoindex: 'off',
        errorPages: [],
        include: '/nix/store/*-user-environment/conf/mime.types',
        authBasicUserFile: '/assets/.htpasswd',
      },
    },
  }),
);

const without = (path: readonly string[], value: unknown): ConformanceCase => {
  const copy = structuredClone(GOOD) as unknown as Record<string, unknown>;
  const owner = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
  owner[path.at(-1) ?? ''] = value;
  return copy as unknown as ConformanceCase;
};

it('finds nothing wrong with expectations that hold', () => {
  expect(checkCase(GOOD)).toEqual([]);
});

it.each([
  ['a variable', ['expectedPlan', 'variables', 'A'], '2'],
  ['a variable too many', ['expectedPlan', 'variables', 'B'], '2'],
  ['a command', ['expectedPlan', 'phases', 'setup', 'cmds'], ['mkdir']],
  ['an absent list', ['expectedPlan', 'phases', 'setup', 'nixOverlays'], undefined],
  ['a missing phase', ['expectedPlan', 'phases', 'build'], {}],
  ['the build image', ['expectedPlan', 'buildImage'], 'other'],
  ['an asset', ['expectedPlan', 'staticAssets', 'x'], '[asset]'],
  ["an asset's own text", ['expectedPlan', 'staticAssets', '.htpasswd'], 'u:q'],
  ['the start', ['expectedPlan', 'start', 'cmd'], 'nginx'],
  [
    'an assertion',
    ['asserts'],
    [{ op: 'equals', path: '$.phases.setup.nixPkgs[0]', value: 'caddy' }],
  ],
  ['the providers', ['expectedProviders'], ['node']],
  ['the sub-directory', ['expectedSubdirectory'], 'svc'],
  ['the phase order', ['expectedPhaseOrder'], ['setup', 'build']],
  ['the Dockerfile', ['expectedDockerfile'], ['FROM x']],
  ['the Nix files', ['expectedNixFiles'], []],
  ['the asset files', ['expectedAssetFiles'], []],
  ['a fact about an asset', ['assetFacts', 'nginx.conf', 'gzip'], 'off'],
  ['an error', ['expectedError'], 'Provider x not found'],
])('notices a wrong expectation of %s', (_what, path, value) => {
  expect(checkCase(without(path, value))).not.toEqual([]);
});

describe('errors', () => {
  const failing = { ...GOOD, files: { 'nixpacks.toml': 'providers = ["nodejs"]' } };

  it('are compared by their gist', () => {
    expect(checkCase({ ...failing, expectedError: 'Provider nodejs not found' })).toEqual([]);
    expect(checkCase({ ...failing, expectedError: 'Unsupported JDK version: 18' })).not.toEqual([]);
    expect(checkCase({ ...failing, expectedError: 'panic' })).toEqual([]);
  });

  it('are noticed where a plan is expected', () => {
    expect(checkCase({ ...failing, expectedError: null })).toEqual([
      'planning failed: Provider nodejs not found',
    ]);
  });
});

it('fills in placeholders', () => {
  const { expectedPlan } = without(['expectedPlan', 'buildImage'], '[build_image]');
  const given = { ...GOOD, expectedPlan: expectedPlan ?? null };
  expect(
    checkCase({
      ...given,
      resolved: { buildImage: 'ghcr.io/railwayapp/nixpacks:ubuntu-1745885067' },
    }),
  ).toEqual([]);
  expect(checkCase({ ...given, resolved: { buildImage: 'other' } })).not.toEqual([]);
});

describe('readCase', () => {
  it.each([
    '[]',
    '{"name":"x","files":{},"expectedTypo":1,"expectedPlan":{}}',
    '{"name":"x","expectedPlan":{}}',
    '{"name":"x","files":{}}',
    '{',
  ])('refuses %s', (text) => {
    expect(() => readCase(text)).toThrow();
  });
});

describe('failedAssert', () => {
  const plan = { a: ['x86_64-linux', 'b'], n: { 'c d': 'text' } };

  it.each([
    [{ op: 'equals', path: '$.a[0]', value: '${arch}-linux' }, true],
    [{ op: 'equals', path: '$.a', value: ['${arch}-linux', 'b'] }, true],
    [{ op: 'equals', path: '$.a[1]', value: 'c' }, false],
    [{ op: 'contains', path: "$.n['c d']", substring: 'ex' }, true],
    [{ op: 'contains', path: '$.a', substring: 'linux' }, true],
    [{ op: 'contains', path: '$.a', substring: 'mac' }, false],
    [{ op: 'exists', path: '$.n', value: true }, true],
    [{ op: 'exists', path: '$.z', value: true }, false],
    [{ op: 'exists', path: '$.z', value: false }, true],
    [{ op: 'length', path: '$.a', value: 2 }, true],
    [{ op: 'length', path: '$.a', value: 3 }, false],
    [{ op: 'countContaining', path: '$.a', substring: 'linux', value: 1 }, true],
    [{ op: 'countContaining', path: '$.a', substring: 'linux', value: 2 }, false],
  ])('%j: %s', (assert, holds) => {
    expect(failedAssert(assert, plan, 'x86_64') === undefined).toBe(holds);
  });

  it('refuses an operator that it does not know', () => {
    expect(() => failedAssert({ op: 'like', path: '$' }, plan, 'x86_64')).toThrow(/not known/);
  });
});
