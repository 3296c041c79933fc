import fc from 'fast-check';
import type { NixpackComponent } from './component.js';
import type { ToolchainName } from './schema/settings.js';
import { components, load, NAMES, shop } from './shop.fixture.js';
import { parseTemplate } from './templates/template.js';

const template = (text: string) => parseTemplate(text);

const EVERY_KEY = `deployment:
  name: payment-service
  description: Payment processing API
  labels: { service: payment }
  stacks: [platform/vpc, ecr]
  context: { default_target: dev, promote_by: tag }
  vendor: {}
  components:
    nixpack:
      api:
        metadata: { labels: { tier: "{{ deployment.name }}" }, depends_on: [terraform/ecr/api] }
        vars:
          source: ./services/api
          install_cmd: npm ci
          start_cmd: node dist/main.js
          pkgs: [ffmpeg]
          apt_pkgs: [curl]
          libs: [libvips]
          providers: [python, "..."]
          config: ./nixpacks.toml
          workspace: off
          include: [assets/**]
          prebuilt: { target: build, path: ./dist/services/api/ }
          build_env: { NIXPACKS_NODE_VERSION: 22 }
          env: { LOG_LEVEL: info }
          image:
            registry: registry.example.com
            name: api
            tag: "{{ git.sha }}"
            tags: ["{{ git.branch }}"]
            labels: { org.opencontainers.image.title: api }
            ports: [8080]
        settings:
          nixpack:
            publish: false
            dockerfile_escape: true
            sbom: { require: true, formats: [cyclonedx-json, spdx-json] }
            smoke: { mode: require, http: /health, port: 8080, seconds: 90, env: { KEY: test } }
            engine: embedded
            build_image: registry.example.com/base:1
            run_image: oci:dist/run
            toolchain: base
            platforms: [linux/arm64]
            user: "0:0"
            network: { build: false }
            dev_dependencies: keep
            require_lock: true
            secrets: { NPM_TOKEN: { env: TOKEN }, PIP: { env: PIP, as: variable }, M2: { env: M2, as: variable, phases: [build] } }
    terraform:
      ecr/api: { vars: { name: api, count: 2, big: 12345678901234567890, v: 1.10, t: 012, f: 0.5, on: true, none: ~, s: "3" } }
  targets:
    dev: { cpu: 256 }
    prod: { labels: { a: b }, context: { cpu: 512 }, promotion: { from: dev, requires_approval: true } }
`;

describe('a file with every key', () => {
  const { deployment, problems } = load(EVERY_KEY);

  it('is right', () => {
    expect(problems).toEqual([]);
  });

  it('becomes a deployment', () => {
    expect(deployment).toMatchObject({
      file: 'deployments/shop.yaml',
      at: { file: 'deployments/shop.yaml', line: 2, column: 9 },
      name: 'payment-service',
      description: 'Payment processing API',
      labels: { service: 'payment' },
      stacks: ['platform/vpc', 'ecr'],
      defaultTarget: 'dev',
      promoteBy: 'tag',
    });
  });

  it('becomes an image component', () => {
    expect(deployment?.components[0]).toEqual({
      id: 'nixpack/api',
      type: 'nixpack',
      name: 'api',
      packagesAt: new Map([
        ['ffmpeg', { file: 'deployments/shop.yaml', line: 16, column: 18 }],
        ['libvips', { file: 'deployments/shop.yaml', line: 18, column: 18 }],
      ]),
      at: { file: 'deployments/shop.yaml', line: 10, column: 7 },
      labels: { tier: 'payment-service' },
      dependsOn: ['terraform/ecr/api'],
      dependsOnAt: [{ file: 'deployments/shop.yaml', line: 11, column: 77 }],
      vars: {
        source: 'services/api',
        installCmd: 'npm ci',
        startCmd: 'node dist/main.js',
        installFiles: [],
        pkgs: ['ffmpeg'],
        aptPkgs: ['curl'],
        libs: ['libvips'],
        providers: ['python', '...'],
        config: 'nixpacks.toml',
        workspace: 'off',
        include: ['assets/**'],
        prebuilt: { target: 'build', path: 'dist/services/api' },
        buildEnv: { NIXPACKS_NODE_VERSION: '22' },
        env: { LOG_LEVEL: 'info' },
        image: {
          registry: template('registry.example.com'),
          name: template('api'),
          tag: template('{{ git.sha }}'),
          tags: [template('{{ git.branch }}')],
          labels: { 'org.opencontainers.image.title': template('api') },
          ports: [8080],
        },
      },
      settings: {
        publish: false,
        dockerfileEscape: true,
        sbom: { require: true, formats: ['cyclonedx-json', 'spdx-json'] },
        smoke: { mode: 'require', http: '/health', port: 8080, seconds: 90, env: { KEY: 'test' } },
        engine: 'embedded',
        buildImage: {
          kind: 'registry',
          written: 'registry.example.com/base:1',
          at: { file: 'deployments/shop.yaml', line: 40, column: 26 },
        },
        runImage: {
          kind: 'layout',
          written: 'oci:dist/run',
          path: 'dist/run',
          at: { file: 'deployments/shop.yaml', line: 41, column: 24 },
        },
        toolchain: 'base',
        keepBuildTools: false,
        platforms: ['linux/arm64'],
        user: '0:0',
        network: { build: false },
        devDependencies: 'keep',
        extensions: true,
        requireLock: true,
        secrets: {
          NPM_TOKEN: { env: 'TOKEN', as: 'file' },
          PIP: { env: 'PIP', as: 'variable', phases: ['install'] },
          M2: { env: 'M2', as: 'variable', phases: ['build'] },
        },
      },
    });
  });

  it('keeps the data of consumers, numbers only where nothing is lost', () => {
    expect(deployment?.components[1]).toMatchObject({
      id: 'terraform/ecr/api',
      type: 'terraform',
      settings: {},
      env: {},
      vars: {
        name: 'api',
        count: 2,
        big: '12345678901234567890',
        v: '1.10',
        t: '012',
        f: 0.5,
        on: true,
        none: null,
        s: '3',
      },
    });
  });

  it('becomes targets, short ones too', () => {
    expect(deployment?.targets).toEqual([
      { name: 'dev', labels: {}, context: { cpu: 256 } },
      {
        name: 'prod',
        labels: { a: 'b' },
        context: { cpu: 512 },
        promotion: { from: 'dev', requiresApproval: true },
      },
    ]);
  });
});

describe('defaults', () => {
  it('are those of the documentation', () => {
    const text = components([
      'api: { vars: { source: services/api }, settings: { nixpack: { publish: false } } }',
    ]);
    const { deployment } = load(text);
    expect(deployment).toMatchObject({ labels: {}, stacks: [], promoteBy: 'digest', targets: [] });
    const api = deployment?.components[0] as NixpackComponent;
    expect(api.vars).toEqual({
      source: 'services/api',
      pkgs: [],
      aptPkgs: [],
      installFiles: [],
      libs: [],
      workspace: 'auto',
      include: [],
      buildEnv: {},
      env: {},
      image: { tags: [], labels: {}, ports: [] },
    });
    expect(api.settings).toEqual({
      publish: false,
      dockerfileEscape: false,
      sbom: { require: false, formats: ['cyclonedx-json'] },
      smoke: { mode: 'auto', env: {} },
      engine: 'auto',
      toolchain: 'nix',
      keepBuildTools: false,
      platforms: ['linux/amd64'],
      user: '65532:65532',
      network: {},
      devDependencies: 'auto',
      extensions: true,
      requireLock: false,
      secrets: {},
    });
  });
});

describe('the toolchain', () => {
  const toolchainOf = (settings: string, defaultToolchain?: ToolchainName): unknown => {
    const text = shop({ settings });
    const loaded = load(text, [], NAMES, defaultToolchain);
    return (loaded.deployment?.components[0] as NixpackComponent | undefined)?.settings.toolchain;
  };

  it('is what the workspace says of components that say nothing', () => {
    expect(toolchainOf('publish: true', 'debian')).toBe('debian');
    expect(toolchainOf('publish: true')).toBe('nix');
    expect(toolchainOf('toolchain: base', 'debian')).toBe('base');
    expect(toolchainOf('toolchain: debian')).toBe('debian');
  });
});

describe('text', () => {
  const imageOf = (image: string): unknown =>
    (load(shop({ image })).deployment?.components[0] as NixpackComponent | undefined)?.vars.image;

  it('stays as it was written: 500 git shas, without quotes', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((digits) => digits.join(''));
    const numeric = fc
      .tuple(fc.nat(999), fc.nat(9999))
      .map(([mantissa, exponent]) => `${mantissa}e${exponent}`);
    fc.assert(
      fc.property(fc.oneof(hex(7), hex(40), numeric), (sha) => {
        expect(imageOf(`registry: r, name: a, tag: ${sha}`)).toMatchObject({ tag: { text: sha } });
      }),
      { numRuns: 500, seed: 20261123 },
    );
  });

  it.each([
    '12e4567',
    '1e3',
    '1234567',
    '1.10',
    '0123',
    'yes',
    'true',
    '0x1F',
    '0o17',
    '.5',
    '2026-11-23',
    '1_000',
  ])('%s', (text) => {
    const { deployment } = load(shop({ vars: `env: { A: ${text} }` }));
    expect(deployment?.components[0]).toMatchObject({ vars: { env: { A: text } } });
  });
});
