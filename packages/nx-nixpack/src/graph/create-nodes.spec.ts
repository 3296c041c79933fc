import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import { matchGlobPaths } from 'nx/src/native';
import { createDependencies } from './create-dependencies.js';
import { createNodes, inferProjects } from './create-nodes.js';

const component = (source: string, name: string, more = ''): string => `
      ${name}:
${more}        vars: { source: "./${source}", image: { registry: r.example.com, name: ${name} } }
        settings: { nixpack: { toolchain: base, build_image: r.example.com/base } }`;

const deployment = (name: string, ...components: string[]): string =>
  `deployment:\n  name: ${name}\n  components:\n    nixpack:${components.join('')}\n`;

describe('inference', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'infer-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  const files = () => readdirSync(root, { recursive: true, encoding: 'utf8' });

  function infer(options = {}): Record<string, ProjectConfiguration> {
    const results = inferProjects(root, options, files());
    return Object.assign({}, ...results.map(([, { projects }]) => projects)) as Record<
      string,
      ProjectConfiguration
    >;
  }

  /** All that Nx is told is wrong; '' when nothing is. */
  async function problems(options = {}): Promise<string> {
    try {
      await createNodes[1](files(), options, { workspaceRoot: root, nxJsonConfiguration: {} });
      return '';
    } catch (error) {
      const { errors } = error as { errors: [string, Error][] };
      return errors.map(([, one]) => one.message).join('\n');
    }
  }

  const targetsOf = (project: ProjectConfiguration | undefined) =>
    Object.keys(project?.targets ?? {}).sort();

  it('makes a project of each source, with the four targets', () => {
    write({
      'services/api/main.go': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api')),
    });
    const { 'services/api': api } = infer();
    expect(api?.name).toBe('api');
    expect(targetsOf(api)).toEqual(['build-image', 'plan-image', 'push-image', 'sbom']);
    expect(api?.targets?.['build-image']).toMatchObject({
      cache: true,
      options: { deployment: 'shop', component: 'nixpack/api' },
      inputs: [
        { dependentTasksOutputFiles: '**/plan/plan.json' },
        { dependentTasksOutputFiles: '**/plan/smoke-settings.json' },
        { externalDependencies: [] },
      ],
      outputs: ['{workspaceRoot}/dist/nixpack/shop/nixpack/api/image'],
      dependsOn: ['plan-image'],
    });
  });

  it('never uses {projectRoot}: it leaves out nested projects and fails for a root without files', () => {
    write({
      'services/api/main.go': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api')),
    });
    expect(JSON.stringify(infer())).not.toContain('{projectRoot}');
  });

  it('selects a component for files that appear or vanish', () => {
    write({
      'package.json': '{"workspaces":["services/*"]}',
      'package-lock.json':
        '{"lockfileVersion":3,"packages":{"":{},"services/api":{"name":"api"},"node_modules/api":{"resolved":"services/api","link":true}}}',
      'services/api/package.json': '{"name":"api"}',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api')),
    });
    expect(infer()['services/api']?.targets?.['plan-image']?.inputs).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/services/api/**/*',
        '{workspaceRoot}/.nvmrc',
        '{workspaceRoot}/.gitignore',
        '{workspaceRoot}/services/.gitignore',
      ]),
    );
  });

  it.each(['[a]', '(x)', '{b}', '{b', 'c]', '*s', '!n', 'q?', '@(q)', '!(q)', '(x|y)', '@acme'])(
    'selects a component for the files of a directory that is called %s, as Nx reads globs',
    (name) => {
      write({
        'package.json': '{"workspaces":["apps/*","libs/*"]}',
        'package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: {
            '': {},
            [`apps/${name}`]: { name: 'api', dependencies: { lib: '*' } },
            [`libs/${name}`]: { name: 'lib' },
            'node_modules/api': { resolved: `apps/${name}`, link: true },
            'node_modules/lib': { resolved: `libs/${name}`, link: true },
          },
        }),
        [`apps/${name}/package.json`]: '{"name":"api","dependencies":{"lib":"*"}}',
        [`libs/${name}/package.json`]: '{"name":"lib"}',
        'deployments/shop.yaml': deployment('shop', component(`apps/${name}`, 'api')),
      });
      const inputs = infer()[`apps/${name}`]?.targets?.['plan-image']?.inputs ?? [];
      const globs = inputs
        .filter((input) => typeof input === 'string')
        .map((input) => input.replace('{workspaceRoot}/', ''));
      expect(globs).not.toContain('**/*');
      const files = [`apps/${name}/src/main.js`, `libs/${name}/.env`];
      expect(matchGlobPaths(globs, [...files, 'other/main.js'])).toEqual([true, true, false]);
    },
  );

  it('keeps plan and push out of the cache and configures only what depends on the target', () => {
    const targets =
      '  context: { default_target: dev }\n  targets:\n    dev: { labels: {} }\n    prod: { labels: {} }\n';
    write({
      'services/api/main.go': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api')) + targets,
    });
    const api = infer()['services/api']?.targets ?? {};
    expect(api['plan-image']).toMatchObject({ cache: false });
    expect(api['push-image']).toMatchObject({
      cache: false,
      defaultConfiguration: 'dev',
      configurations: { dev: { target: 'dev' }, prod: { target: 'prod' } },
    });
    for (const task of ['plan-image', 'build-image', 'sbom'])
      expect(api[task]?.configurations).toBeUndefined();
  });

  it('orders the tasks of images by depends_on, without letting the order into the hash', () => {
    const web = component('services/web', 'web', '        metadata: { depends_on: [api] }\n');
    write({
      'services/api/main.go': '',
      'services/web/index.html': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api'), web),
    });
    const targets = infer()['services/web']?.targets ?? {};
    expect(targets['build-image']?.dependsOn).toContainEqual({
      projects: ['api'],
      target: 'build-image',
    });
    expect(targets['push-image']?.dependsOn).toContainEqual({
      projects: ['api'],
      target: 'push-image',
    });
    expect(JSON.stringify(targets['build-image']?.inputs)).not.toContain('image.json');
  });

  it('lets the image of another component be a base, which then counts', () => {
    const web = component('services/web', 'web').replace(
      'r.example.com/base',
      '"{{ nixpack.api.ref }}"',
    );
    write({
      'services/api/main.go': '',
      'services/web/index.html': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api'), web),
    });
    const build = infer()['services/web']?.targets?.['build-image'];
    expect(build?.inputs).toContainEqual({ dependentTasksOutputFiles: '**/image/image.json' });
    expect(build?.dependsOn).toContainEqual({ projects: ['api'], target: 'build-image' });
  });

  it('gives several components of one source targets of their own, and plain ones for all', () => {
    write({
      'services/api/main.go': '',
      'deployments/shop.yaml': deployment(
        'shop',
        component('services/api', 'api'),
        component('services/api', 'batch'),
      ),
    });
    const api = infer()['services/api'];
    expect(targetsOf(api)).toContain('build-image--shop-api');
    expect(api?.targets?.['build-image']).toMatchObject({
      executor: 'nx:noop',
      dependsOn: ['build-image--shop-api', 'build-image--shop-batch'].map((target) => ({
        target,
        params: 'forward',
      })),
      metadata: {
        description:
          'Build a container image from its plan, without a daemon: all components of this directory',
      },
    });
  });

  it('refuses components of one directory whose targets would have one name', async () => {
    write({
      'services/api/main.go': '',
      'deployments/a.yaml': deployment('a', component('services/api', 'b-c')),
      'deployments/b.yaml': deployment('a-b', component('services/api', 'c')),
    });
    expect(await problems()).toMatch(
      /^deployments\/b\.yaml:5:7 CONFIG_DUPLICATE_PROJECT .*--a-b-c/,
    );
  });

  it('refuses one name for two directories and names the way out', async () => {
    write({
      'a/api/main.go': '',
      'b/api/main.go': '',
      'deployments/one.yaml': deployment('one', component('a/api', 'api')),
      'deployments/two.yaml': deployment(
        'two',
        component('b/api', 'api').replace('name: api', 'name: other'),
      ),
    });
    expect(await problems()).toMatch(
      /^deployments\/two\.yaml:\d+:\d+ CONFIG_DUPLICATE_PROJECT .*projectNames/s,
    );
    expect(
      Object.values(infer({ projectNames: 'deployment-component' })).map(({ name }) => name),
    ).toEqual(['one-api', 'two-api']);
  });

  it('gives a broken component targets that say what is wrong, and leaves its neighbors as they are', async () => {
    write({
      'services/api/main.go': '',
      'deployments/shop.yaml': deployment(
        'shop',
        component('services/nope', 'gone'),
        component('services/api', 'api'),
        component('services/api', 'batch', '        metadat: {}\n'),
      ),
    });
    expect(await problems()).toBe('');
    const projects = infer();
    const gone = projects['dist/nixpack/shop/nixpack/gone'];
    expect(gone).toMatchObject({
      name: 'gone',
      targets: {
        'plan-image': {
          executor: 'nx-nixpack:plan-image',
          cache: false,
          options: { deployment: 'shop', component: 'nixpack/gone' },
          metadata: {
            description: expect.stringMatching(/^Broken .*shop\.yaml:\d+:\d+ The source/) as string,
          },
        },
        'build-image': { cache: false, dependsOn: ['plan-image'] },
      },
    });
    const api = projects['services/api']?.targets ?? {};
    expect(api['build-image--shop-api']).toMatchObject({ cache: true });
    expect(api['build-image--shop-batch']).toMatchObject({ cache: false });
    expect(api['plan-image--shop-batch']?.inputs).toEqual([
      '{workspaceRoot}/deployments/shop.yaml',
      '{workspaceRoot}/services/api/**/*',
      { externalDependencies: [] },
    ]);
    expect(api['build-image']?.dependsOn).toHaveLength(2);
  });

  it('makes a file that cannot be read a project of its own', async () => {
    write({
      'services/api/main.go': '',
      'deployments/bad.yaml': 'deployment: [',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api')),
    });
    expect(await problems()).toBe('');
    const projects = Object.values(infer());
    expect(projects.map(({ name }) => name)).toEqual(['api', 'deployments/bad.yaml']);
    expect(projects[1]?.targets?.['build-image']).toMatchObject({
      cache: false,
      options: { deployment: 'deployments/bad.yaml' },
    });
  });

  it('lets nx run find a component whose project has another name', () => {
    write({
      'package.json': '{"workspaces":["services/*"]}',
      'services/api/package.json': '{"name":"@shop/orders"}',
      'services/web/package.json': '{"name":"@shop/web"}',
      'services/jobs/main.go': '',
      'deployments/shop.yaml': deployment(
        'shop',
        component('services/api', 'api'),
        component('services/web', 'web'),
        component('services/jobs', 'jobs'),
        component('services/jobs', 'nightly'),
      ),
    });
    const projects = Object.values(infer());
    const names = projects.map(({ name }) => name);
    // Nx finds @shop/web by "web" itself.
    expect(names).toEqual(['@shop/orders', 'jobs', '@shop/web', 'api', 'nightly']);
    const targetsOf = (name: string) => projects[names.indexOf(name)]?.targets ?? {};
    expect(targetsOf('api')['build-image']).toMatchObject({
      executor: 'nx:noop',
      dependsOn: [{ projects: ['@shop/orders'], target: 'build-image', params: 'forward' }],
      metadata: { description: expect.stringContaining('@shop/orders:build-image') as string },
    });
    expect(targetsOf('nightly')['build-image']?.dependsOn).toEqual([
      { projects: ['jobs'], target: 'build-image--shop-nightly', params: 'forward' },
    ]);
  });

  it('gives no name to components that share one', () => {
    write({
      'a/project.json': '{"name":"first"}',
      'b/project.json': '{"name":"second"}',
      'deployments/one.yaml': deployment('one', component('a', 'api')),
      'deployments/two.yaml': deployment(
        'two',
        component('b', 'api').replace('name: api', 'name: other'),
      ),
    });
    expect(Object.values(infer()).map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('does not depend on the order of the files, but for the places it names', () => {
    const shop = deployment('shop', component('services/web', 'web'));
    const other = deployment('other', component('services/api', 'api'));
    const source = { 'services/api/main.go': '', 'services/web/index.html': '' };
    const inferredFrom = (first: string, second: string): string => {
      write({ ...source, [`deployments/${first}`]: shop, [`deployments/${second}`]: other });
      const text = JSON.stringify(infer()).replaceAll(/deployments\/[az]\.yaml/g, 'FILE');
      rmSync(join(root, 'deployments'), { recursive: true });
      return text;
    };
    expect(inferredFrom('a.yaml', 'z.yaml')).toBe(inferredFrom('z.yaml', 'a.yaml'));
  });

  it('lets components of one name be where their directories have names of their own', () => {
    write({
      'package.json': '{"workspaces":["a/*"]}',
      'a/web/package.json': '{"name":"@one/web"}',
      'b/web/project.json': '{"name":"two-web"}',
      'deployments/one.yaml': deployment('one', component('a/web', 'web')),
      'deployments/two.yaml': deployment(
        'two',
        component('b/web', 'web').replace('name: web', 'name: other'),
      ),
    });
    expect(Object.values(infer()).map(({ name }) => name)).toEqual(['@one/web', 'two-web']);
  });

  it('refuses the name of a project that is there already, at the place of the component', async () => {
    write({
      'libs/web/project.json': '{"name":"web"}',
      'services/web/index.html': '',
      'deployments/shop.yaml': deployment('shop', component('services/web', 'web')),
    });
    expect(await problems()).toMatch(
      /^deployments\/shop\.yaml:5:7 CONFIG_DUPLICATE_PROJECT .*services\/web.*libs\/web.*projectNames/s,
    );
    expect(await problems({ projectNames: 'deployment-component' })).toBe('');
  });

  it('lets a package that is not a project have any name', async () => {
    write({
      'examples/web/package.json': '{"name":"web"}',
      'services/web/index.html': '',
      'deployments/shop.yaml': deployment('shop', component('services/web', 'web')),
    });
    expect(await problems()).toBe('');
  });

  it('says what is wrong with the options of the plugin', async () => {
    write({ 'nx.json': '{"plugins":[{"plugin":"nx-nixpack","options":{"deploymens":"x"}}]}' });
    expect(await problems({ deploymens: 'x' })).toMatch(
      /^nx\.json:1:47 CONFIG_UNKNOWN_KEY .*"deploymens".*\n\s+hint: Did you mean deployments\?/,
    );
    // Once is enough.
    const again = createDependencies(
      { deploymens: 'x' } as never,
      { workspaceRoot: root } as never,
    );
    expect(again).toEqual([]);
  });

  it('orders tasks through components that have none', () => {
    const terraform = `
    terraform:
      ecr: { metadata: { depends_on: [nixpack/api] } }
`;
    const web = component(
      'services/web',
      'web',
      '        metadata: { depends_on: [terraform/ecr] }\n',
    );
    write({
      'services/api/main.go': '',
      'services/web/index.html': '',
      'deployments/shop.yaml':
        deployment('shop', component('services/api', 'api'), web) + terraform.slice(1),
    });
    expect(infer()['services/web']?.targets?.['push-image']?.dependsOn).toContainEqual({
      projects: ['api'],
      target: 'push-image',
    });
  });

  it('draws an edge for depends_on, by root, so that renamed projects are found', async () => {
    const web = component('services/web', 'web', '        metadata: { depends_on: [api] }\n');
    write({
      'services/api/main.go': '',
      'services/web/index.html': '',
      'deployments/shop.yaml': deployment('shop', component('services/api', 'api'), web),
    });
    const projects = { '@shop/api': { root: 'services/api' }, web: { root: 'services/web' } };
    const edges = (projectFileMap: object) =>
      createDependencies(undefined, {
        workspaceRoot: root,
        projects,
        fileMap: { projectFileMap },
      } as never);
    const files = { '@shop/api': [{ file: 'services/api/main.go' }] };
    expect(await edges(files)).toEqual([{ source: 'web', target: '@shop/api', type: 'implicit' }]);
    // Nx could hash no task of web that hashes its dependencies.
    expect(await edges({})).toEqual([]);
  });
});
