import type { BuildPlan, Phase } from '../../plan/build-plan.js';
import { buildPhase, installPhase } from '../../plan/phase.js';
import type { Environment, Provider, PlanContext } from '../provider.js';
import { rubyWish } from './ruby-wish.js';
import { rubySetup, usesGem } from './setup.js';
import { isRails, RUBY_PORT, rubyStart } from './start.js';
import { rubyVersion } from './version.js';
import type { RubyVersion } from './version.js';
import type { SourceTree } from '../../source/source-tree.js';
import { node } from '../node/index.js';

/** Where GEM_HOME lies. */
const GEMS = '/usr/local/rvm/gems';
/** Of the setup phase's packages, what a started program may call. */
const RUN_PACKAGES: readonly string[] = ['procps'];

export const ruby: Provider = {
  name: 'ruby',
  places: ['BUNDLE_GEMFILE'],

  detect: (source) => source.has('Gemfile'),

  plan(source, env, target) {
    const version = rubyVersion(source, env, target);
    const start = rubyStart(source);
    const companion = nodeCompanion(source, env, target);
    const setup = rubySetup(source, version);
    return {
      plan: {
        variables: variables(source, version),
        phases: {
          ...companion,
          setup,
          install: install(source, version),
          build: build(source, companion),
        },
        ...(start.choice === undefined ? {} : { start: { cmd: start.choice } }),
      },
      hints: {
        installInputsReason: 'a Gemfile is code, and may read any file of the source',
        setupCommands: setup.cmds ?? [],
        buildPackages: setup.aptPkgs?.filter((name) => !RUN_PACKAGES.includes(name)) ?? [],
        outputs: [GEMS],
        runtimes: [rubyWish(source, version)],
        ...(start.choice?.includes('${PORT') === true ? { ports: [RUBY_PORT] } : {}),
      },
      decisions: [version.decision, start],
    };
  },
};

function install(source: SourceTree, { text }: RubyVersion): Phase {
  const bootsnap = usesGem(source, 'bootsnap') ? ['bundle exec bootsnap precompile --gemfile'] : [];
  return installPhase(['bundle install', ...bootsnap], {
    cacheDirectories: ['/root/.bundle/cache'],
    ...(usesGem(source, 'local') ? {} : { onlyIncludeFiles: ['Gemfile', 'Gemfile.lock'] }),
    // Where rvm would have put them; rbenv does not.
    paths: [
      `/usr/local/rvm/rubies/${text}/bin`,
      `/usr/local/rvm/gems/${text}/bin`,
      `/usr/local/rvm/gems/${text}@global/bin`,
    ],
  });
}

function build(source: SourceTree, companion: Readonly<Record<string, Phase>>): Phase {
  const rails = isRails(source);
  const assets = rails && (usesGem(source, 'sprockets') || usesGem(source, 'propshaft'));
  const bootsnap = rails && usesGem(source, 'bootsnap');
  const after = companion['node:install'] === undefined ? [] : ['node:install'];
  return buildPhase(
    [
      ...(assets ? ['bundle exec rake assets:precompile'] : []),
      ...(bootsnap ? ['bundle exec bootsnap precompile app/ lib/'] : []),
    ],
    { dependsOn: ['install', ...after] },
  );
}

/** Node for the asset pipeline: its install phase and what that waits for, renamed but with dependencies as they were (quirk Q18). */
function nodeCompanion(
  source: SourceTree,
  env: Environment,
  target: PlanContext,
): Readonly<Record<string, Phase>> {
  if (!source.has('package.json') && !usesGem(source, 'execjs')) return {};
  const phases: BuildPlan['phases'] = node.plan(source, env, target)?.plan.phases ?? {};
  const wanted = ['setup', 'install'].flatMap((name) => {
    const phase = phases[name];
    return phase === undefined
      ? []
      : [[`node:${name}`, { ...phase, name: `node:${name}` }] as const];
  });
  return Object.fromEntries(wanted);
}

function variables(source: SourceTree, { text }: RubyVersion): Readonly<Record<string, string>> {
  const gems = `${GEMS}/${text}`;
  return {
    BUNDLE_GEMFILE: '/app/Gemfile',
    GEM_PATH: `${gems}:${gems}@global`,
    GEM_HOME: gems,
    MALLOC_ARENA_MAX: '2',
    ...(isRails(source) ? { RAILS_LOG_TO_STDOUT: 'enabled', RAILS_SERVE_STATIC_FILES: '1' } : {}),
  };
}
