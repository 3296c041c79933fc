import { PHP_ASSETS } from './assets/index.js';
import type { Hints, Phase } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import { nodePackages, nodeProject } from '../node/project.js';
import type { NodeProject } from '../node/project.js';
import { installCommand } from '../node/package-manager.js';
import { buildPhase, installPhase, setupPhase } from '../../plan/phase.js';
import { PHP_VERSIONS, phpExtensions, phpRequirements, phpVersion, phpWish } from './version.js';
import type { PhpVersion } from './version.js';
import type { Provider } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

const PREPARE = 'mkdir -p /var/log/nginx && mkdir -p /var/cache/nginx';
export const PHP_PORT = 80;

export const php: Provider = {
  name: 'php',
  places: ['NIXPACKS_PHP_ROOT_DIR'],

  detect: (source) => source.has('composer.json') || source.has('index.php'),

  plan(source, env) {
    const requirements = phpRequirements(source);
    const { version, decision } = phpVersion(requirements);
    const project = nodeProject(source, env);
    const laravel = source.has('artisan')
      ? { IS_LARAVEL: 'yes', NIXPACKS_PHP_ROOT_DIR: '/app/public' }
      : {};
    return {
      plan: {
        variables: { PORT: String(PHP_PORT), ...laravel },
        staticAssets: PHP_ASSETS,
        phases: {
          setup: setup(project, version, phpExtensions(requirements, version)),
          install: install(project),
          ...build(project),
        },
        start: { cmd: startCommand(source) },
      },
      hints: { ...hints(source), runtimes: [phpWish(requirements)] },
      decisions: [decision],
    };
  },
};

function setup(project: NodeProject, version: PhpVersion, extensions: readonly string[]): Phase {
  const { package: name, archive } = PHP_VERSIONS[version];
  const enabled = extensions.map((extension) => `pe.all.${extension}`).join(' ');
  const packaged = extensions.map((extension) => `${name}Extensions.${extension}`);
  const packages = [
    `(${name}.withExtensions (pe: pe.enabled ++ [${enabled}]))`,
    'nginx',
    'libmysqlclient',
    `${name}Packages.composer`,
    ...nodePackages(project).packages,
    ...packaged,
  ];
  return setupPhase(packages, {
    nixLibs: [...packaged, 'libmysqlclient'],
    nixpkgsArchive: archive,
  });
}

function install({ source, manager }: NodeProject): Phase {
  const composer = source.has('composer.json') ? ['composer install --ignore-platform-reqs'] : [];
  return installPhase([
    PREPARE,
    ...composer,
    ...[installCommand(source, manager.name) ?? []].flat(),
  ]);
}

function build({ manifest, manager }: NodeProject): { readonly build?: Phase } {
  const script = ['prod', 'build'].find((name) => manifest.scripts?.has(name));
  return script === undefined ? {} : { build: buildPhase([`${manager.name} run ${script}`]) };
}

function startCommand(source: SourceTree): string {
  if (source.has('nginx.conf')) return 'php-fpm -y /assets/php-fpm.conf & nginx -c /app/nginx.conf';
  const template = source.has('nginx.template.conf')
    ? '/app/nginx.template.conf'
    : '/assets/nginx.template.conf';
  return `node /assets/scripts/prestart.mjs ${template} /nginx.conf && (php-fpm -y /assets/php-fpm.conf & nginx -c /nginx.conf)`;
}

/** The start command writes /nginx.conf; Composer may run scripts and read classes of the source. */
function hints(source: SourceTree): Hints {
  const writable = source.has('nginx.conf') ? {} : { writable: ['/nginx.conf'] };
  return { ...writable, ports: [PHP_PORT], ...installInputs(source) };
}

function installInputs(source: SourceTree): Hints {
  if (source.has('package.json'))
    return { installInputsReason: 'Composer and a Node package manager install together' };
  if (!source.has('composer.json')) return { installInputs: [] };
  if (
    /"(?:scripts|repositories|classmap|files|plugins|allow-plugins)"/.test(
      textOf(source, 'composer.json'),
    )
  ) {
    return { installInputsReason: 'composer.json names scripts, plugins or files of the source' };
  }
  return {
    installInputs: ['composer.json', 'composer.lock', 'auth.json'].filter((file) =>
      source.has(file),
    ),
  };
}
