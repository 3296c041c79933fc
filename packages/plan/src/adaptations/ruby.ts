import type { Amendment } from '../amendments/amendment.js';
import { COMPILER_PACKAGES } from '../languages/ruby/setup.js';
import type { BuildPlan, Hints, Phase } from '../plan/build-plan.js';

/** The directory of gems that no version is in the name of. */
const GEMS = '/usr/local/rvm/gems/ruby';

/** Ruby is there: nothing compiles it, and gems lie where its version plays no part. */
export const withoutRbenv: Amendment = {
  name: 'without-rbenv',
  providers: ['ruby'],
  amend({ plan, hints }) {
    return {
      plan: withGems({ ...plan, phases: { ...plan.phases, setup: bareSetup(plan) } }),
      hints: withoutCompilers(hints),
      decisions: [
        {
          subject: 'Ruby',
          choice: 'as it is there',
          because: 'the toolchain brings it, rbenv compiles none',
        },
      ],
    };
  },
};

function bareSetup({ phases }: BuildPlan): Phase {
  const { cmds: _rbenv, paths: _paths, nixPkgs, aptPkgs = [], ...setup } = phases?.['setup'] ?? {};
  // The just-in-time compiler of Ruby is built with Rust; that of a Ruby that is there is built already.
  const packages = nixPkgs?.filter((name) => name !== 'rustc');
  return {
    ...setup,
    ...(packages === undefined ? {} : { nixPkgs: packages }),
    aptPkgs: aptPkgs.filter(isNeeded),
  };
}

const isNeeded = (name: string): boolean => !COMPILER_PACKAGES.includes(name);

/** Without GEM_PATH the gems that come with Ruby are found too. */
function withGems(plan: BuildPlan): BuildPlan {
  const { GEM_PATH: _path, ...variables } = plan.variables ?? {};
  const install = plan.phases?.['install'];
  const phases = install === undefined ? {} : { install: { ...install, paths: [`${GEMS}/bin`] } };
  return {
    ...plan,
    variables: { ...variables, GEM_HOME: GEMS },
    phases: { ...plan.phases, ...phases },
  };
}

function withoutCompilers(hints: Hints): Hints {
  const { setupCommands: _rbenv, buildPackages, ...others } = hints;
  return buildPackages === undefined
    ? others
    : { ...others, buildPackages: buildPackages.filter(isNeeded) };
}
