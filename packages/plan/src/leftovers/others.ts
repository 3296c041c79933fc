import { isRails } from '../languages/ruby/start.js';
import { VENV } from '../languages/python/install.js';
import { kept, swept, variable, type Build, type Leftover } from './leftover.js';

const runs = ({ plan }: Build, command: string): boolean =>
  Object.values(plan.phases ?? {}).some(({ cmds = [] }) =>
    cmds.some((each) => each.includes(command)),
  );

/** Composer's development packages, and what Laravel noted of them; packages of Node made the assets. */
export function phpLeftovers(build: Build): Leftover | undefined {
  const { source } = build;
  const noted = source.has('artisan')
    ? ' && rm -f bootstrap/cache/packages.php bootstrap/cache/services.php'
    : '';
  const composer = runs(build, 'composer install')
    ? [
        `composer install --no-dev --no-scripts --no-plugins --no-interaction --ignore-platform-reqs${noted}`,
      ]
    : [];
  const assets =
    source.has('package.json') &&
    !/\bnode (?!\/assets\/)|\bnpm\b/.test(build.plan.start?.cmd ?? '');
  const commands = [...composer, ...(assets ? ['rm -rf node_modules'] : [])];
  return commands.length === 0 ? undefined : swept(commands.join(' && '));
}

/** Gems of the groups development and test, where the program is told to run in production. */
export function rubyLeftovers(build: Build): Leftover | undefined {
  const { source } = build;
  if (
    !/\bgroup\b.*:(?:development|test)|groups?:.*:(?:development|test)/.test(
      source.read('Gemfile') ?? '',
    )
  )
    return undefined;
  const environment = variable(build, isRails(source) ? 'RAILS_ENV' : 'RACK_ENV');
  if (environment !== 'production')
    return kept(
      `${isRails(source) ? 'RAILS_ENV' : 'RACK_ENV'} is not production, so development gems may be loaded`,
    );
  return swept("bundle config set --local without 'development test' && bundle clean --force");
}

/** The compiler's own files; the programs are copied into bin. */
export const rustLeftovers = (build: Build): Leftover | undefined =>
  runs(build, 'cargo build') && !build.plan.start?.cmd?.includes('target/')
    ? swept('rm -rf target')
    : undefined;

/** Caches of the compiler. */
export const zigLeftovers = (build: Build): Leftover | undefined =>
  runs(build, 'zig build') ? swept('rm -rf .zig-cache zig-cache') : undefined;

const MAVEN = [
  'test-classes',
  'surefire-reports',
  'generated-test-sources',
  'maven-status',
] as const;
const GRADLE = ['test-results', 'reports', 'tmp'] as const;

/** Tests and what compiled them, beside a jar that has all it needs. */
export function javaLeftovers({ plan }: Build): Leftover | undefined {
  const cmd = plan.start?.cmd ?? '';
  if (/ -jar .*\btarget\//.test(cmd))
    return swept(`${removed('target', MAVEN)} && rm -rf src/test`);
  if (/ -jar .*\bbuild\/libs\//.test(cmd))
    return swept(`${removed('build', GRADLE)} && rm -rf src/test .gradle`);
  return undefined;
}

const removed = (below: string, names: readonly string[]): string =>
  `find . -type d -path '*/${below}/*' \\( ${names.map((name) => `-name ${name}`).join(' -o ')} \\) -prune -exec rm -rf {} +`;

/** The tool that installed the dependencies; what it was told to leave out is not there. */
export const pythonLeftovers = (build: Build): Leftover | undefined =>
  runs(build, 'uv sync') && !/\buv\b/.test(build.plan.start?.cmd ?? '')
    ? swept(`${VENV}/bin/pip uninstall -y --disable-pip-version-check uv`)
    : undefined;
