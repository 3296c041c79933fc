import { DEVICES } from './devices.mjs';
import { KERNEL } from './kernel.mjs';
import { NAMESPACES } from './namespaces.mjs';
import { NETWORK } from './network.mjs';
import { PROCESSES } from './processes.mjs';
import { RESOURCES } from './resources.mjs';
import { STARTED } from './started.mjs';

/**
 * What a hostile build step tries, each for real. `program` is Perl after the prelude and ends with `escaped` or
 * `contained`; `hostHarmed` is asked afterwards whether the host was touched, whatever the program says. With `started` the program
 * is that of an image which is started after its build; `before` is a command of the build, `owned` what the run user shall own.
 *
 * @typedef {{ id: string, what: string, program: string, network?: true, deadly?: true,
 *   completes?: true, started?: true, before?: string, owned?: readonly string[], hostHarmed?: (host: any, storage: string) => unknown, outputHarmed?: (output: string, host: any,
 *   storage: string) => boolean, whileRunning?: (host: any) => Promise<boolean> }} Attack
 */

/** @type {readonly Attack[]} */
export const ATTACKS = [
  ...DEVICES,
  ...NAMESPACES,
  ...KERNEL,
  ...NETWORK,
  ...PROCESSES,
  ...RESOURCES,
  ...STARTED,
];
