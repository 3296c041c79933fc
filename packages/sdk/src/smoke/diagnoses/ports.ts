import type { Cause, Diagnosis } from '../diagnosis.js';
import { isLoopbackAddress, outputOf, type Trial } from '../trial.js';
import { isUnreachable } from '../verdict.js';

const listenersElsewhere = ({ ports, outcome }: Trial): number[] => [
  ...new Set(outcome.listeners.map(({ port }) => port).filter((port) => !ports.includes(port))),
];

/** One line that says all of it, as most servers do. */
const REFUSED =
  /^.*(?:(?:listen|bind)\b.*(?:EACCES|ermission denied)|ermission denied.*\bbind\b).*$/m;
/** Python and Java say it without an address, at the end of a trace. */
const REFUSED_LATER =
  /\bbind\([^]*PermissionError: \[Errno 13\] Permission denied$|(?:SocketException|BindException): Permission denied/m;

export const portPrivileged: Diagnosis = {
  name: 'port below 1024',
  find(trial) {
    const output = outputOf(trial);
    const line = REFUSED.exec(output)?.[0] ?? (REFUSED_LATER.test(output) ? '' : undefined);
    if (line === undefined || trial.user.startsWith('0:')) return undefined;
    const port = [...line.matchAll(/(?::|, |port )(\d{1,5})\b/g)]
      .map(([, digits]) => Number(digits))
      .find((one) => one > 0 && one < 1024);
    return {
      cause: `who is not root cannot listen on ${port === undefined ? 'a port below 1024' : `port ${port}`}`,
      advice: 'Let it listen on PORT or on a port from 1024 on; user: "0:0" starts it as root.',
    };
  },
};

export const loopbackOnly: Diagnosis = {
  name: 'listens on the loopback only',
  find(trial) {
    if (!isUnreachable(trial)) return undefined;
    return {
      cause: 'nobody outside of its container can connect to it',
      advice:
        'Let it listen on 0.0.0.0: many programs take HOST=0.0.0.0, --host 0.0.0.0 or --bind 0.0.0.0.',
    };
  },
};

export const otherPort: Diagnosis = {
  name: 'PORT not honored',
  find(trial) {
    const others = listenersElsewhere(trial);
    const [wanted] = trial.ports;
    if (others.length === 0 || wanted === undefined || trial.outcome.answer) return undefined;
    if (trial.outcome.listeners.some(({ port }) => trial.ports.includes(port))) return undefined;
    return elsewhere(trial, others[0] ?? 0, wanted);
  },
};

function elsewhere({ env, outcome }: Trial, found: number, wanted: number): Cause {
  const told = env.get('PORT') === String(wanted);
  const local = outcome.listeners.every(({ address }) => isLoopbackAddress(address));
  const also = local ? ', and on 0.0.0.0 instead of the loopback' : '';
  return {
    cause: told
      ? `it does not read PORT, which is ${wanted}, and listens on ${found} whatever it says`
      : `it listens on ${found}, and ${wanted} is what the image exposes`,
    advice: told
      ? `Let it read PORT${also}, or declare ports: [${found}] in vars.image.`
      : `Declare ports: [${found}] in vars.image, or set PORT in env to ${wanted} for a program that reads it${also}.`,
  };
}

export const silentListener: Diagnosis = {
  name: 'listens and does not answer',
  find({ outcome, settings }) {
    if (outcome.exitCode !== undefined || outcome.listeners.length === 0) return undefined;
    if (outcome.answer?.status !== undefined)
      return {
        cause: `${settings.http ?? '/'} is answered with an error`,
        advice: 'Check smoke.http and what the program printed.',
      };
    return {
      cause: 'no answer came',
      advice:
        'Check what it waits for; smoke: { command: … } tests a program that is no HTTP server.',
    };
  },
};

export const nothingListens: Diagnosis = {
  name: 'nothing listens',
  find({ outcome, ports }) {
    if (outcome.exitCode !== undefined || outcome.listeners.length > 0) return undefined;
    return {
      cause: 'it runs and nothing listens',
      advice: `Check that start_cmd starts the server and not a tool beside it, and what it waits for; leave out ports of a program that has none (${ports.join(', ')} was expected).`,
    };
  },
};
