import type { Provider } from '../provider.js';
import { rustPlan } from './plan.js';

export const rust: Provider = {
  name: 'rust',

  detect: (source) => source.has('Cargo.toml'),

  plan(source, env, target) {
    const { setup, build, start, decisions, runtimes } = rustPlan(source, env, target, []);
    return {
      plan: {
        variables: { ROCKET_ADDRESS: '0.0.0.0' },
        phases: { setup, build },
        ...(start === undefined ? {} : { start }),
      },
      hints: {
        installInputsReason: 'Cargo downloads while it compiles; there is no install phase',
        runtimes,
      },
      decisions,
    };
  },
};
