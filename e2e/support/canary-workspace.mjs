import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nxEnvironment } from '../../tools/demo/run-nx.mjs';
import { root } from '../../tools/root.mjs';
import { program, succeed } from './workspace.mjs';

const project = (name) => JSON.stringify({ name, version: '1.0.0', private: true });

/** The lines that a build prints with its secrets, in all the ways in which programs do. */
const TELL = [
  'echo "the variable $CANARY"',
  'cat /run/secrets/file',
  'env | grep CANARY',
  'echo "$CANARY" >&2',
  'node -p "encodeURIComponent(process.env.CANARY)"',
  'for encoding in base64 base64url hex; do for before in "" x xx; do node -p "Buffer.from(process.argv[2] + process.env.CANARY).toString(process.argv[1])" $encoding "$before"; done; done',
].join('; ');

const FILES = ({ npm, secret }) => ({
  'package.json': project('source'),
  'nx.json': JSON.stringify({
    analytics: false,
    neverConnectToCloud: true,
    plugins: [{ plugin: 'nx-nixpack', options: { allowedEnv: ['CANARY_TEMPLATE'] } }],
  }),
  '.gitignore': 'node_modules\n.nx\ndist\n.bases\n',
  'app/project.json': '{ "name": "app" }',
  'app/package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    dependencies: { '@private/canary': '1.0.0' },
  }),
  'app/.npmrc': `@private:registry=${npm}/\n${npm.replace('http:', '')}/:_authToken=\${CANARY}\n`,
  'app/index.js': 'require("@private/canary");\n',
  'broken/project.json': '{ "name": "broken" }',
  'broken/index.js': '',
  'broken/package.json': JSON.stringify({ name: 'broken', version: '1.0.0' }),
  'leaky/project.json': '{ "name": "leaky" }',
  'leaky/package.json': JSON.stringify({ name: 'leaky', version: '1.0.0' }),
  'leaky/index.js': '',
  'leaky/.npmrc': `//registry.example.com/:_authToken=${secret}\n`,
});

const SECRETS =
  'secrets: { CANARY: { env: CANARY, as: variable, phases: [install, build] }, file: { env: CANARY } }';

const component = (name, registry, vars) => `      ${name}:
        vars:
          source: ./${name}
          workspace: 'off'
          start_cmd: 'true'
          ${vars}
          image: { registry: '${registry}', name: ${name}, tag: one, labels: { kind: canary, of: '{{ git.branch }}' } }
        settings: { nixpack: { toolchain: base, build_image: oci:.bases/node-build, sbom: { require: true }, ${SECRETS} } }
`;

const deploymentFile = (registry) => `deployment:
  name: canary
  components:
    nixpack:
${component('app', registry, `build_cmd: '${TELL}'`)}${component('broken', registry, `build_cmd: '${TELL}; exit 7'`)}${component('leaky', registry, '')}    terraform:
      consumer: { vars: { token: '{{ env.CANARY_TEMPLATE }}' } }
`;

/** An Nx workspace whose builds get one secret in every way there is: from a registry, as file, variable and template. */
export class CanaryWorkspace {
  constructor({ directory, secret, npm, ports, registry, dockerConfig }) {
    Object.assign(this, { directory, secret, ports, registry, dockerConfig });
    const files = {
      ...FILES({ npm, secret }),
      'deployments/canary.yaml': deploymentFile(registry),
    };
    for (const [path, text] of Object.entries(files)) this.#write(path, text);
    symlinkSync(join(root, 'node_modules'), this.path('node_modules'));
    symlinkSync(join(root, 'dist', 'base-images'), this.path('.bases'));
    for (const name of ['home', 'tmp']) mkdirSync(this.beside(name));
  }

  #write(path, text) {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  path(...parts) {
    return join(this.directory, ...parts);
  }

  /** What a task leaves outside of the workspace: `store`, `tmp`, `home`. */
  beside(name) {
    return join(dirname(this.directory), name);
  }

  async commit() {
    const git = (...args) =>
      succeed('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: this.directory,
      });
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'all');
  }

  /** Runs Nx; the secret is in its environment and in the Docker configuration. */
  nx(args, { start } = {}) {
    const env = nxEnvironment({
      CANARY: this.secret,
      CANARY_TEMPLATE: this.secret,
      DOCKER_CONFIG: this.dockerConfig,
      HOME: this.beside('home'),
      TMPDIR: this.beside('tmp'),
      NX_NIXPACK_LOOPBACK_PORTS: this.ports.join(),
      NX_NIXPACK_STORE: this.beside('store'),
      NX_CACHE_DIRECTORY: this.path('.nx', 'cache'),
      NX_WORKSPACE_DATA_DIRECTORY: this.path('.nx', 'workspace-data'),
      NX_VERBOSE_LOGGING: 'true',
      NO_COLOR: '1',
    });
    const bin = this.path('node_modules', 'nx', 'dist', 'bin', 'nx.js');
    const flags = ['--verbose', '--output-style=stream'];
    return program(process.execPath, [bin, ...args, ...flags], { cwd: this.directory, env, start });
  }
}
