import type { HttpAnswer, Listener } from '@nx-nixpack/engine';
import { isGuessed } from './diagnoses/choices.js';
import { isLoopbackAddress, type Trial } from './trial.js';

export interface Verdict {
  readonly right: boolean;
  /** What was seen, to go on after the name of the component: `listens on port 8080 and answers 200`. */
  readonly seen: string;
}

const right = (seen: string): Verdict => ({ right: true, seen });
const wrong = (seen: string): Verdict => ({ right: false, seen });

/** Whether what was seen is a program that runs. When in doubt it is one: who is warned for nothing stops reading. */
export function verdictOn(trial: Trial): Verdict {
  const { outcome, settings } = trial;
  if (settings.command !== undefined) return ofCommand(trial);
  if (outcome.exitCode !== undefined) return ofEnded(trial, outcome.exitCode);
  if (outcome.answer !== undefined) return ofAnswer(trial, outcome.answer);
  return ofSilence(trial);
}

function ofCommand({ outcome: { exitCode, seconds } }: Trial): Verdict {
  const time = `${seconds.toFixed(1)} s`;
  if (exitCode === undefined) return wrong(`smoke.command did not end within ${time}`);
  return (exitCode === 0 ? right : wrong)(
    `smoke.command ended with exit code ${exitCode} in ${time}`,
  );
}

function ofEnded(trial: Trial, exitCode: number): Verdict {
  const { ports, settings, outcome } = trial;
  const after = outcome.seconds < 1 ? 'at once' : `after ${outcome.seconds.toFixed(1)} s`;
  const ended = `ended ${after} with ${codeText(exitCode)}`;
  if (exitCode !== 0) return wrong(ended);
  const asked = ports.length > 0 || settings.http !== undefined;
  if (asked) return wrong(`${ended}, and listens on no port`);
  if (outcome.lines.length === 0) return wrong(`${ended} and printed nothing`);
  if (isGuessed(trial)) return wrong(`${ended}, and is one of several programs`);
  return right(`${ended}; it is taken for a program that only prints`);
}

const codeText = (code: number): string =>
  code > 128 && code < 128 + 65 ? `signal ${code - 128}` : `exit code ${code}`;

function ofAnswer(trial: Trial, { port, status }: HttpAnswer): Verdict {
  const { http } = trial.settings;
  const { listeners } = trial.outcome;
  if (isUnreachable(trial)) return wrong(`listens on ${addresses(listeners)} only`);
  if (status === undefined) {
    const seen = `listens on port ${port} and speaks no HTTP`;
    return http === undefined ? right(seen) : wrong(seen);
  }
  const seen = `listens on port ${port} and answers ${http === undefined ? '' : `${http} with `}${status}`;
  return http === undefined || status < 400 ? right(seen) : wrong(seen);
}

function ofSilence(trial: Trial): Verdict {
  const { ports, settings, outcome } = trial;
  const time = `${outcome.seconds.toFixed(1)} s`;
  const expected = outcome.listeners.filter(({ port }) => ports.includes(port));
  if (expected.length > 0 || (ports.length === 0 && outcome.listeners.length > 0))
    return wrong(`listens on ${addresses(outcome.listeners)} and answers nothing within ${time}`);
  if (ports.length === 0)
    return (settings.http === undefined ? right : wrong)(`runs and listens on no port`);
  const where = ports.map(String).join(' or ');
  return wrong(
    outcome.listeners.length === 0
      ? `does not listen on port ${where} within ${time}`
      : `listens on ${addresses(outcome.listeners)}, and not on port ${where}`,
  );
}

/** Whether only the container itself can connect to what matters. */
export function isUnreachable({ ports, outcome: { listeners } }: Trial): boolean {
  const asked =
    ports.length === 0 ? listeners : listeners.filter(({ port }) => ports.includes(port));
  return asked.length > 0 && asked.every(({ address }) => isLoopbackAddress(address));
}

/** Those that a person reads. */
const MOST_ADDRESSES = 10;

const addresses = (listeners: readonly Listener[]): string =>
  listeners
    .map(({ address, port }) =>
      isLoopbackAddress(address) ? `${address}:${port}` : `port ${port}`,
    )
    .filter((one, at, all) => all.indexOf(one) === at)
    .slice(0, MOST_ADDRESSES)
    .join(' and ');
