import { DEVICES } from './devices.mjs';
import { KERNEL } from './kernel.mjs';
import { NAMESPACES } from './namespaces.mjs';
import { NETWORK } from './network.mjs';
import { PROCESSES } from './processes.mjs';
import { RESOURCES } from './resources.mjs';

/**
 * What a hostile build step tries, each for real. `program` is Perl after the prelude and ends with `escaped` or
 * `contained`; `hostHarmed` is asked afterwards whether the host was touched, whatever the program says.
 *
 * @typedef {{ id: string, what: string, program: string, network?: true, deadly?: true,
 *   completes?: true, hostHarmed?: (host: any, storage: string) => unknown, outputHarmed?: (output: string, host: any,
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
];
