import type { Trial } from './trial.js';

/** The likely cause of a failure, and what to do about it: two sentences for people. */
export interface Cause {
  /** Without a full stop. */
  readonly cause: string;
  /** Imperative, with one. */
  readonly advice: string;
}

/** One way in which images that were built do not run. */
export interface Diagnosis {
  readonly name: string;
  /** Sees failures only. undefined: this is not it. */
  find(trial: Trial): Cause | undefined;
}
