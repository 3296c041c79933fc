import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MEMBERS_A_LIBRARY = 6;

const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;
const numbered = (prefix, count) =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(3, '0')}`);

/**
 * An Nx workspace with npm's: a deployment file for each service, every second one with a component more that is built from
 * the same source. Each service uses two libraries of the workspace and a package of the registry, which nobody installs.
 */
export function writeInferenceWorkspace(directory, { deployments, plugin, checkout }) {
  const services = numbered('service-', deployments);
  const libraries = numbered('lib-', Math.max(2, Math.ceil(deployments / MEMBERS_A_LIBRARY)));
  const files = { ...rootFiles(services, libraries, plugin) };
  for (const [at, name] of services.entries())
    Object.assign(files, serviceFiles(name, at, librariesOf(at, libraries)));
  for (const name of libraries) Object.assign(files, libraryFiles(name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  linkPackages(directory, checkout);
}

const librariesOf = (at, libraries) => [at, at + 1].map((one) => libraries[one % libraries.length]);

const dependencies = (names) =>
  Object.fromEntries(names.map((name) => [`@bench/${name}`, '1.0.0']));

function rootFiles(services, libraries, plugin) {
  const nx = { analytics: false, neverConnectToCloud: true };
  return {
    'package.json': json(ROOT),
    'package-lock.json': json(lockFile(services, libraries)),
    'nx.json': json(plugin ? { ...nx, plugins: ['nx-nixpack'] } : nx),
    '.gitignore': 'node_modules\n.nx\n',
    'tsconfig.base.json': json({ compilerOptions: { strict: true } }),
  };
}

const ROOT = { name: '@bench/source', private: true, workspaces: ['services/*', 'libs/*'] };
const LEFT_PAD = { version: '1.3.0', integrity: `sha512-${'A'.repeat(86)}==` };

/** `libraries`: those that the service uses. */
const serviceManifest = (name, libraries) => ({
  name: `@bench/${name}`,
  version: '1.0.0',
  private: true,
  scripts: { start: 'node main.js' },
  dependencies: { ...dependencies(libraries), 'left-pad': '1.3.0' },
});

const libraryManifest = (name) => ({ name: `@bench/${name}`, version: '1.0.0', private: true });

function lockFile(services, libraries) {
  const packages = { '': ROOT, 'node_modules/left-pad': LEFT_PAD };
  const add = (path, { private: _private, scripts: _scripts, ...manifest }) => {
    packages[path] = manifest;
    packages[`node_modules/${manifest.name}`] = { resolved: path, link: true };
  };
  for (const [at, name] of services.entries())
    add(`services/${name}`, serviceManifest(name, librariesOf(at, libraries)));
  for (const name of libraries) add(`libs/${name}`, libraryManifest(name));
  return { name: ROOT.name, lockfileVersion: 3, requires: true, packages };
}

function serviceFiles(name, at, libraries) {
  const imports = libraries.map((one) => `import '@bench/${one}';\n`).join('');
  return {
    [`services/${name}/package.json`]: json(serviceManifest(name, libraries)),
    [`services/${name}/tsconfig.json`]: json({ extends: '../../tsconfig.base.json' }),
    [`services/${name}/main.js`]: `${imports}console.log('${name}');\n`,
    [`deployments/${name}.yaml`]: deploymentFile(name, at % 2 === 0 ? ['web'] : ['web', 'worker']),
  };
}

const libraryFiles = (name) => ({
  [`libs/${name}/package.json`]: json(libraryManifest(name)),
  [`libs/${name}/index.js`]: `export const name = '${name}';\n`,
});

function deploymentFile(name, components) {
  const each = components.map(
    (component) => `
      ${name}-${component}:
        vars:
          source: ./services/${name}
          start_cmd: node main.js ${component}
          image: { registry: registry.example.com, name: bench/${name}-${component} }
        settings: { nixpack: { toolchain: base, build_image: registry.example.com/bases/node } }`,
  );
  return `deployment:
  name: ${name}
  components:
    nixpack:${each.join('')}
`;
}

/** Nx and the plugin as a checkout has them: nothing is installed, so that only inference is measured. */
function linkPackages(directory, checkout) {
  const links = {
    nx: 'node_modules/nx',
    '@nx/devkit': 'node_modules/@nx/devkit',
    'nx-nixpack': 'packages/nx-nixpack',
  };
  for (const [name, target] of Object.entries(links)) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(checkout, target), link);
  }
}
