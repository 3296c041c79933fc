import type { Amendment } from '../amendments/amendment.js';
import { COREPACK } from '../languages/node/package-manager.js';

/** The package manager that package.json names is there in its version; corepack would fetch it again, at each start too. */
export const withoutCorepack: Amendment = {
  name: 'without-corepack',
  providers: ['node'],
  amend({ plan, over, context }) {
    const install = plan.phases?.['install'];
    if (context.toolchain !== 'debian' || install?.cmds?.includes(COREPACK) !== true)
      return undefined;
    if (over.phases?.['install']?.cmds !== undefined) return undefined;
    const cmds = install.cmds.filter((command) => command !== COREPACK);
    return {
      plan: { ...plan, phases: { ...plan.phases, install: { ...install, cmds } } },
      decisions: [
        {
          subject: 'corepack',
          choice: 'left out',
          because: 'the toolchain brings the package manager that packageManager names',
        },
      ],
    };
  },
};
