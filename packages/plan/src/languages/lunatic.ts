import { textOf } from '../source/manifest.js';
import { WHITE } from '../source/plain-text.js';
import type { Provider } from './provider.js';
import { rustPlan } from './rust/plan.js';

const RUNNER = new RegExp(`runner[${WHITE}]*=[${WHITE}]*"lunatic"`);

/** Rust that runs on the Lunatic virtual machine. */
export const lunatic: Provider = {
  name: 'lunatic',

  detect: (source) => source.has('Cargo.toml') && RUNNER.test(textOf(source, '.cargo/config.toml')),

  plan(source, env, target) {
    const { setup, build, start, decisions } = rustPlan(source, env, target, ['lunatic']);
    return {
      plan: {
        phases: { setup, build },
        ...(start === undefined ? {} : { start: { cmd: `lunatic ${start.cmd}` } }),
      },
      decisions,
    };
  },
};
