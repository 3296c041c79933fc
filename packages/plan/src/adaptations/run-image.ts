import type { Amendment } from '../amendments/amendment.js';

/** An image that nobody named: programs of Go run on it without what Nix brought. What the toolchain brings is no more than they need. */
export const withoutRunImage: Amendment = {
  name: 'without-run-image',
  providers: ['go', 'rust'],
  amend({ plan }) {
    const { runImage, ...start } = plan.start ?? {};
    if (runImage === undefined) return undefined;
    return {
      plan: { ...plan, start },
      decisions: [
        {
          subject: 'run image',
          choice: undefined,
          because: 'only Nix makes images that need another one to run on',
        },
      ],
    };
  },
};
