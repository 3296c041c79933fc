import { component, components, expectMarked, load, shop } from './shop.fixture.js';

describe('what a key may hold', () => {
  it.each([
    'pkgs: [ffmpeg, «CONFIG_WRONG_TYPE»[b], «CONFIG_WRONG_TYPE»~, «CONFIG_WRONG_TYPE»null]',
    'pkgs: «CONFIG_WRONG_TYPE»ffmpeg',
    'pkgs: [«CONFIG_INVALID_VALUE»"$(id)", «CONFIG_INVALID_VALUE»"(builtins.readFile /etc/passwd)", python312Packages.pip]',
    'libs: [«CONFIG_INVALID_VALUE»--x, libvips, zlib.dev]',
    'apt_pkgs: [curl, «CONFIG_INVALID_VALUE»"curl; rm -rf /", «CONFIG_INVALID_VALUE»a, "curl=8.5.0-2+deb12u1", "curl:arm64", «CONFIG_INVALID_VALUE»"curl-"]',
    'apt_pkgs: [«CONFIG_INVALID_VALUE»--allow-unauthenticated, «CONFIG_INVALID_VALUE»"-o APT::x", «CONFIG_INVALID_VALUE»Curl]',
    'install_cmd: «CONFIG_WRONG_TYPE»[npm, ci]',
    'build_cmd: «CONFIG_WRONG_TYPE»{ a: b }',
    'start_cmd: «CONFIG_INVALID_VALUE»"node\\e[2J x.js"',
    'start_cmd: «CONFIG_INVALID_VALUE»"a\\u202eb"',
    'start_cmd: «CONFIG_INVALID_VALUE»"a\\ud800b"',
    'providers: ["...", c#, «CONFIG_INVALID_VALUE»pyton]',
    'providers: «CONFIG_WRONG_TYPE»python',
    'config: «CONFIG_INVALID_VALUE»../nixpacks.toml',
    'config: «CONFIG_INVALID_VALUE»/etc/nixpacks.toml',
    'workspace: «CONFIG_INVALID_VALUE»of',
    'workspace: off',
    'include: [assets/**, «CONFIG_INVALID_VALUE»../x, «CONFIG_INVALID_VALUE»/x, «CONFIG_INVALID_VALUE»"a/../b", «CONFIG_INVALID_VALUE»"!a", «CONFIG_INVALID_VALUE»"{..,a}/x"]',
    'prebuilt: { target: build, path: dist/api }',
    '«CONFIG_MISSING_KEY»prebuilt: { target: build }',
    'prebuilt: { target: build, path: «CONFIG_INVALID_VALUE»../dist }',
    'build_cmd: make\nprebuilt: «CONFIG_INVALID_VALUE»{ target: build, path: dist/api }',
    'build_env: { «CONFIG_INVALID_NAME»A-B: x, «CONFIG_INVALID_NAME»1A: y, «CONFIG_INVALID_NAME»"A=B": z, _a1: ok }',
    'env: { A: «CONFIG_WRONG_TYPE»[x], B: «CONFIG_WRONG_TYPE»{ c: d }, C: "line\\nfeed\\t$x `y` \\\\" }',
    'env: «CONFIG_WRONG_TYPE»[A=b]',
    '«CONFIG_UNKNOWN_KEY»buld_cmd: make\npkgs: «CONFIG_WRONG_TYPE»ffmpeg',
    'build_cmd: make\n«CONFIG_DUPLICATE_KEY»build_cmd: make all',
    'env: { «CONFIG_FORBIDDEN_KEY»__proto__: x, «CONFIG_FORBIDDEN_KEY»constructor: y, «CONFIG_FORBIDDEN_KEY»prototype: z }',
  ])('vars: %s', (vars) => {
    expectMarked(shop({ vars }));
  });

  it.each([
    'registry: localhost:5000, name: team/a__b.c-d',
    'registry: "[::1]:5000", name: a',
    'registry: «CONFIG_INVALID_VALUE»"https://r.example.com", name: a',
    'registry: «CONFIG_INVALID_VALUE»r.example.com/team, name: a',
    'registry: «CONFIG_INVALID_VALUE»R.example.com, name: a',
    'registry: «CONFIG_INVALID_VALUE»"r.example.com:99999", name: a',
    'registry: «CONFIG_INVALID_VALUE»a..b, name: «CONFIG_INVALID_VALUE»API',
    'registry: r, name: «CONFIG_INVALID_VALUE»"a:b"',
    'registry: r, name: «CONFIG_INVALID_VALUE»a//b',
    'registry: r, name: a, tag: «CONFIG_INVALID_VALUE»-x',
    'registry: r, name: a, tag: «CONFIG_INVALID_VALUE»""',
    'registry: r, name: a, tag: «CONFIG_INVALID_VALUE»"a b"',
    `registry: r, name: a, tag: «CONFIG_INVALID_VALUE»${'a'.repeat(129)}`,
    'registry: r, name: a, tags: «CONFIG_WRONG_TYPE»x',
    'registry: r, name: a, tags: [x, «CONFIG_INVALID_VALUE»"y:z"]',
    'registry: r, name: a, labels: { «CONFIG_INVALID_VALUE»"a b": x, a.b/c: "{{ git.sha }}", d: «CONFIG_WRONG_TYPE»{ e: f } }',
    'registry: r, name: a, ports: [80, «CONFIG_INVALID_VALUE»0, «CONFIG_INVALID_VALUE»65536, «CONFIG_INVALID_VALUE»1.5, «CONFIG_WRONG_TYPE»"8080", «CONFIG_WRONG_TYPE»http]',
    'registry: r, name: a, ports: «CONFIG_WRONG_TYPE»80',
  ])('image: %s', (image) => {
    expectMarked(shop({ image }));
  });

  it.each([
    'publish: «CONFIG_WRONG_TYPE»"true"',
    'publish: «CONFIG_WRONG_TYPE»yes',
    'dockerfile_escape: «CONFIG_WRONG_TYPE»1',
    'sbom: { require: «CONFIG_WRONG_TYPE»x, formats: [«CONFIG_INVALID_VALUE»spdx, spdx-json, «CONFIG_INVALID_VALUE»spdx-json] }',
    'sbom: «CONFIG_WRONG_TYPE»true',
    'sbom: «CONFIG_INVALID_VALUE»{ require: true, formats: [] }',
    'sbom: { formats: [] }',
    'smoke: off',
    'smoke: «CONFIG_INVALID_VALUE»sometimes',
    'smoke: { mode: require, http: /health?deep=1, port: 80, seconds: 5, env: { A: b } }',
    'smoke: { command: node --version, seconds: «CONFIG_INVALID_VALUE»0 }',
    'smoke: { http: «CONFIG_INVALID_VALUE»health, «CONFIG_UNKNOWN_KEY»ports: 80, env: { «CONFIG_INVALID_NAME»a-b: c } }',
    'smoke: «CONFIG_INVALID_VALUE»{ command: node --version, http: /health }',
    'engine: «CONFIG_INVALID_VALUE»docker',
    'build_image: «CONFIG_INVALID_VALUE»"a b"',
    'build_image: oci:dist/bases/node',
    'run_image: localhost:5000/team/base:1',
    `run_image: debian@sha256:${'a'.repeat(64)}`,
    'run_image: «CONFIG_INVALID_VALUE»debian@sha256:abc',
    'toolchain: «CONFIG_INVALID_VALUE»nixx',
    'platforms: «CONFIG_INVALID_VALUE»[]',
    'platforms: [linux/arm64, «CONFIG_INVALID_VALUE»linux/386, «CONFIG_INVALID_VALUE»linux/arm64]',
    'user: 0:0',
    'user: «CONFIG_INVALID_VALUE»root',
    'user: «CONFIG_INVALID_VALUE»"root; id"',
    'user: «CONFIG_INVALID_VALUE»1000',
    'network: { build: «CONFIG_WRONG_TYPE»off, install: true }',
    'dev_dependencies: «CONFIG_INVALID_VALUE»no',
    'require_lock: «CONFIG_WRONG_TYPE»"no"',
    'secrets: { TOKEN: «CONFIG_WRONG_TYPE»npm_secret, «CONFIG_INVALID_NAME»"a b": { env: A }, «CONFIG_MISSING_KEY»B: {}, C: { env: «CONFIG_INVALID_NAME»A-B } }',
    'secrets: { A: { env: A, as: «CONFIG_INVALID_VALUE»env }, «CONFIG_INVALID_NAME»a-b: { env: A, as: variable }, a-c: { env: A, as: file }, D: { env: A, phases: «CONFIG_INVALID_VALUE»[] }, E: { env: A, phases: [install, «CONFIG_INVALID_VALUE»install] } }',
  ])('settings: %s', (settings) => {
    expectMarked(shop({ settings }));
  });

  it.each([
    'description: «CONFIG_WRONG_TYPE»[x]',
    'labels: { team: a, on: true, n: 1, none: «CONFIG_WRONG_TYPE»~ }',
    'stacks: [platform/vpc, 1, «CONFIG_WRONG_TYPE»[b]]',
    'stacks: «CONFIG_WRONG_TYPE»a',
    'context: { promote_by: «CONFIG_INVALID_VALUE»diges, «CONFIG_UNKNOWN_KEY»default: dev }',
    'context: { default_target: «CONFIG_UNKNOWN_TARGET»pro }\ntargets: { prod: {} }',
    'targets: «CONFIG_WRONG_TYPE»[]',
    'targets: { «CONFIG_INVALID_NAME»Dev: {}, «CONFIG_INVALID_NAME»a_b: {}, us-east-1: {}, x: «CONFIG_WRONG_TYPE»[] }',
    'targets: { dev: { labels: {}, «CONFIG_UNKNOWN_KEY»contxt: {} } }',
    'targets: { dev: { context: {}, promotion: { from: «CONFIG_UNKNOWN_TARGET»deb, requires_approval: «CONFIG_WRONG_TYPE»1 } } }',
    'targets: { dev: { promotion: { from: «CONFIG_CYCLE»dev } } }',
    'targets: { a: { promotion: { from: «CONFIG_CYCLE»b } }, b: { promotion: { from: a } } }',
    'vendor: [anything, { __proto__: 1, a: 1, a: 2, b: !include x, c: {{ d }} }]',
    'vendor: [&a !include x, *a]\ndescription: &b y\nstacks: [*b]',
    'vendor: &a { team: «CONFIG_WRONG_TYPE»[b] }\nlabels: *a',
    'vendor: [&a «CONFIG_UNSAFE_TAG»!include x]\ndescription: *a',
    'vendor: [&a { «CONFIG_FORBIDDEN_KEY»__proto__: x }]\nlabels: { <<: *a }',
  ])('deployment: %s', (rest) => {
    expectMarked(shop({ rest }));
  });

  it.each([
    'terraform:\n  ecr/api: { «CONFIG_UNKNOWN_KEY»var: {}, vars: { a: [1, { b: c }] }, settings: {}, env: {} }',
    'terraform:\n  a: { vars: «CONFIG_WRONG_TYPE»[], env: «CONFIG_WRONG_TYPE»x }',
    'terraform: { «CONFIG_INVALID_NAME»A: {}, «CONFIG_INVALID_NAME»"a//b": {}, «CONFIG_INVALID_NAME»"..": {}, a_b.c/d: {} }',
    'terraform: { a: { vars: { x: «CONFIG_INVALID_VALUE»"\\e", «CONFIG_INVALID_VALUE»"y\\a": 1 } } }',
    'lambda: «CONFIG_WRONG_TYPE»[]',
    'helmfile: { a: { metadata: { «CONFIG_UNKNOWN_KEY»lables: {} } } }',
    '«CONFIG_UNKNOWN_KEY»nixpak: {}',
  ])('components: %s', (rest) => {
    expectMarked(shop({ components: rest }));
  });
});

describe('what must be there', () => {
  it.each([
    '«CONFIG_MISSING_KEY»',
    '«CONFIG_MISSING_KEY»# nothing but a comment\n',
    '«CONFIG_UNKNOWN_KEY»«CONFIG_MISSING_KEY»deploymnt: {}',
    '«CONFIG_WRONG_TYPE»- deployment',
    '«CONFIG_MISSING_KEY»deployment: {}',
    'deployment: { name: a, components: { nixpack: { «CONFIG_MISSING_KEY»api: {} } } }',
    'deployment: { name: a, components: { nixpack: { api: { «CONFIG_MISSING_KEY»«CONFIG_MISSING_KEY»vars: {} } } } }',
    'deployment: { name: a, components: { nixpack: { api: { «CONFIG_MISSING_KEY»vars: { source: services/api } } } } }',
    'deployment: { name: a, components: { nixpack: { api: { vars: { source: services/api, «CONFIG_MISSING_KEY»«CONFIG_MISSING_KEY»image: {} } } } } }',
    'deployment: { name: a, components: { nixpack: { api: { vars: { source: services/api, image: { tag: x } }, settings: { nixpack: { publish: false } } } } } }',
  ])('%s', expectMarked);
});

describe('source', () => {
  it.each([
    ['./services/api', 'services/api'],
    ['services//web/', 'services/web'],
    ['services/web/../api', 'services/api'],
    ['.', ''],
  ])('%s is %j', (written, source) => {
    const text = `deployment: { name: a, components: { nixpack: { api: { vars: { source: "${written}" }, settings: { nixpack: { publish: false } } } } } }`;
    expect(load(text).deployment?.components).toMatchObject([{ vars: { source } }]);
  });

  it.each([
    '«SOURCE_OUTSIDE_WORKSPACE»../../etc',
    '«SOURCE_OUTSIDE_WORKSPACE»/etc',
    '«SOURCE_OUTSIDE_WORKSPACE»../shop/services/api',
    '«SOURCE_OUTSIDE_WORKSPACE»services/link',
    '«SOURCE_MISSING»services/apy',
    '«CONFIG_INVALID_VALUE»"services/api\\0"',
    '«CONFIG_INVALID_VALUE»services\\api',
    '«CONFIG_INVALID_VALUE»""',
    '«CONFIG_UNKNOWN_TEMPLATE»"services/{{ component.name }}"',
  ])('%s is refused', (source) => {
    expectMarked(components([component('api', '', source)]));
  });
});

describe('templates', () => {
  it.each([
    ['env: { A: «CONFIG_UNKNOWN_TEMPLATE»"{{ git.sha }}", B: "{{ component.name }}" }'],
    ['build_env: { A: «CONFIG_UNKNOWN_TEMPLATE»"{{ target }}" }'],
    ['env: { "😀": x }'.replace('"', '«CONFIG_INVALID_NAME»"')],
    ['env: { A: "😀", B: «CONFIG_UNKNOWN_TEMPLATE»"{{ git.sha }}" }'],
    ['env: { A: «CONFIG_INVALID_VALUE»"{{ component.name", B: «CONFIG_UNKNOWN_TEMPLATE»"{{ }}" }'],
    ['start_cmd: «CONFIG_UNKNOWN_TEMPLATE»"node {{ git.sha }}"'],
    ['pkgs: [«CONFIG_UNKNOWN_TEMPLATE»"{{ component.name }}"]'],
    ['start_cmd: «CONFIG_UNQUOTED_TEMPLATE»{{ component.name }}'],
    ['start_cmd: «CONFIG_UNQUOTED_TEMPLATE»{{ component.name }}-x'],
    ['start_cmd: run-{{ component.name }}'],
  ])('vars: %s', (vars) => {
    expectMarked(shop({ vars }));
  });

  it.each([
    'registry: "{{ context.registry }}", name: "{{ deployment.name }}/{{ component.name }}", tag: "v{{git.sha}}-{{ target }}"',
    'registry: r, name: a, tag: «CONFIG_UNKNOWN_TEMPLATE»"{{ git.sah }}"',
    'registry: r, name: a, tag: «CONFIG_UNKNOWN_TEMPLATE»"{{ context.replicas }}"',
    'registry: r, name: a, tag: «CONFIG_UNKNOWN_TEMPLATE»"{{ env.HOME }}"',
    'registry: r, name: a, tags: [«CONFIG_UNKNOWN_TEMPLATE»"{{ nixpack.api.digest }}"]',
    'registry: r, name: a, tag: «CONFIG_INVALID_VALUE»"{{ git.sha }}:x"',
    'registry: r, name: a, tag: «CONFIG_UNQUOTED_TEMPLATE»{{ git.sha }}',
    'registry: r, name: a, tag: «CONFIG_UNQUOTED_TEMPLATE»v{{ git.sha }}',
    'registry: r, name: a, tags: [«CONFIG_UNQUOTED_TEMPLATE»{{ git.sha }}, x, «CONFIG_UNQUOTED_TEMPLATE»{{ git.branch }}]',
  ])('image: %s', (image) => {
    expectMarked(shop({ image, rest: 'targets: { dev: { registry: r.example.com } }' }));
  });

  it.each([
    'build_image: «CONFIG_UNKNOWN_TEMPLATE»"{{ nixpack.base.ref }}"',
    'build_image: «CONFIG_UNKNOWN_TEMPLATE»"{{ git.sha }}"',
    'build_image: «CONFIG_INVALID_VALUE»"x/{{ nixpack.api.ref }}"',
    'build_image: «CONFIG_CYCLE»"{{ nixpack.api.ref }}"',
    'engine: «CONFIG_UNKNOWN_TEMPLATE»"{{ target }}"',
  ])('settings: %s', (settings) => {
    expectMarked(shop({ settings }));
  });

  it('may use every path in consumers, and the nearest one is suggested', () => {
    const vars =
      '{ image: "{{ nixpack.api.ref }}", list: [{ a: «CONFIG_UNKNOWN_TEMPLATE»"{{ nixpack.apy.ref }}" }], env: "{{ git.sha }}" }';
    const text = shop({ components: `terraform: { a: { vars: ${vars} } }` });
    expectMarked(text);
    expect(load(text.replace('«CONFIG_UNKNOWN_TEMPLATE»', '')).problems[0]?.hint).toBe(
      'Did you mean nixpack.api.ref?',
    );
  });

  it('may use variables of the environment that are allowed', () => {
    const text = shop({ image: 'registry: r, name: a, tag: "{{ env.CI_TAG }}"' });
    expect(load(text, ['CI_TAG']).problems).toEqual([]);
  });

  it('are filled in at once where they are known at once', () => {
    const text = shop({
      vars: 'start_cmd: run {{ deployment.name }}\nenv: { NAME: "{{component.name}}" }',
    });
    expect(load(text).deployment?.components).toMatchObject([
      { vars: { startCmd: 'run shop', env: { NAME: 'api' } } },
    ]);
  });
});

describe('depends_on', () => {
  const terraform = 'terraform: { ecr/api: {}, x: { metadata: { depends_on: [nixpack/a] } } }';

  it.each([
    [component('a', 'b'), component('b')],
    [component('a', 'terraform/ecr/api, shop:nixpack/b, other:nixpack/b'), component('b')],
    [component('a', 'b, «CONFIG_INVALID_VALUE»nixpack/b'), component('b')],
    [component('a', '«CONFIG_UNKNOWN_COMPONENT»terraform/ecr/apy, «CONFIG_UNKNOWN_COMPONENT»A')],
    [component('a', '«CONFIG_CYCLE»a')],
    [component('a', '«CONFIG_CYCLE»shop:nixpack/a')],
    [component('a', '«CONFIG_CYCLE»b'), component('b', 'c'), component('c', 'a')],
    [component('a', '«CONFIG_CYCLE»b, «CONFIG_CYCLE»c'), component('b', 'a'), component('c', 'a')],
    [component('a', '«CONFIG_CYCLE»terraform/x')],
    [component('a', '«CONFIG_INVALID_VALUE»"other:x", «CONFIG_INVALID_VALUE»"Other:nixpack/x"')],
    [component('a', '«CONFIG_WRONG_TYPE»[b]')],
  ])('%s %s %s', (...lines) => {
    expectMarked(components(lines, terraform));
  });

  it('shows every place of a cycle', () => {
    const text = components([component('a', 'b'), component('b', 'c'), component('c', 'a')]);
    const [problem] = load(text).problems;
    expect(problem?.message).toContain('nixpack/a -> nixpack/b -> nixpack/c -> nixpack/a');
    expect(problem?.related?.map(({ line }) => line)).toEqual([6, 7]);
  });

  it('counts a base image of the same deployment', () => {
    expectMarked(
      components([
        component('a', '«CONFIG_CYCLE»b'),
        'b: { vars: { source: services/web, image: { registry: r, name: b } }, settings: { nixpack: { run_image: "{{ nixpack.a.ref }}" } } }',
      ]),
    );
  });

  it('is kept with full names', () => {
    const text = components(
      [component('a', 'b, terraform/ecr/api, other:nixpack/x'), component('b')],
      terraform,
    );
    expect(load(text).deployment?.components[0]).toMatchObject({
      id: 'nixpack/a',
      dependsOn: ['nixpack/b', 'terraform/ecr/api', 'other:nixpack/x'],
    });
  });
});

describe('images', () => {
  const image = (name: string, more: string): string =>
    `${name}: { vars: { source: services/api, image: { registry: r, name: ${more} } } }`;

  it.each([
    [image('a', 'x'), image('b', '«CONFIG_DUPLICATE_IMAGE»x')],
    [
      image('a', 'x, tag: "{{ git.sha }}"'),
      image('b', '«CONFIG_DUPLICATE_IMAGE»x, tag: "{{git.sha}}"'),
    ],
    [image('a', 'x, tag: a'), image('b', '«CONFIG_DUPLICATE_IMAGE»x, tag: b, tags: [a]')],
    [image('a', 'x, tag: a'), image('b', 'x, tag: b')],
  ])('%s %s', (...lines) => {
    expectMarked(components(lines));
  });

  it('that are not pushed collide with nothing', () => {
    const local =
      '{ vars: { source: services/api, image: { registry: r, name: x } }, settings: { nixpack: { publish: false } } }';
    expectMarked(components([image('a', 'x'), `b: ${local}`]));
  });
});

describe('names', () => {
  it.each(['Shop_1', 'a--b', '-a', '"a b"', 'a/b', `${'a'.repeat(64)}`])('%s', (name) => {
    expectMarked(`deployment:\n  name: «CONFIG_INVALID_NAME»${name}`);
  });

  it.each(['Api', 'a_b', '-a', '"a b"', '"../x"', '"a//b"'])('nixpack/%s', (name) => {
    const value = '{ vars: { source: services/api }, settings: { nixpack: { publish: false } } }';
    expectMarked(components([`«CONFIG_INVALID_NAME»${name}: ${value}`]));
  });
});

describe('messages', () => {
  it('do not repeat a secret that was written in the wrong place', () => {
    const settings = 'secrets: { A: npm_hunter2, B: { env: npm-hunter2 } }';
    expect(JSON.stringify(load(shop({ settings })).problems)).not.toContain('hunter2');
  });

  it('stay on one line', () => {
    const { problems } = load(shop({ vars: '"new\\nline": x' }));
    expect(problems[0]?.message).not.toContain('\n');
  });
});
