import type { Diagnosis } from '../diagnosis.js';
import { outputOf } from '../trial.js';

const SERVICES: Readonly<Record<string, string>> = {
  '1433': 'SQL Server',
  '2379': 'etcd',
  '3306': 'MySQL or MariaDB',
  '4222': 'NATS',
  '5432': 'PostgreSQL',
  '5672': 'RabbitMQ',
  '6379': 'Redis',
  '9092': 'Kafka',
  '9200': 'Elasticsearch',
  '11211': 'memcached',
  '27017': 'MongoDB',
};

const GIVE =
  'Give it what it needs with smoke: { env: … }, test it with smoke: { command: … }, or leave it out with smoke: off';

export const serviceMissing: Diagnosis = {
  name: 'service not there',
  find(trial) {
    const output = outputOf(trial);
    if (
      !/ECONNREFUSED|[Cc]onnection refused|[Cc]ould not connect|[Cc]an't connect|ENOTFOUND|EAI_AGAIN|[Nn]ame or service not known|could not translate host name|no such host|Temporary failure in name resolution|Network is unreachable|ENETUNREACH/.test(
        output,
      )
    )
      return undefined;
    const service = [...output.matchAll(/(?::|port |port=)(\d{2,5})\b/g)]
      .map(([, port = '']) => SERVICES[port] && `${SERVICES[port]} (port ${port})`)
      .find(Boolean);
    const host = /(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)|host name "([\w.-]+)"|lookup ([\w.-]+)/.exec(
      output,
    );
    const name = host?.slice(1).find(Boolean);
    const what = service ?? (name === undefined ? 'a service' : `the service ${name}`);
    return { cause: `it needs ${what}, which a single start does not have`, advice: `${GIVE}.` };
  },
};

const VARIABLE = String.raw`["'\`]?([A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT|HOST|SECRET|TOKEN|DSN)["'\`]?`;
const UNSET = [
  new RegExp(`KeyError: ${VARIABLE}`),
  new RegExp(
    `(?:[Ee]nvironment variables?|[Ee]nv(?:ironment)? var|variable|env)(?: not found)?:? ${VARIABLE}`,
  ),
  new RegExp(
    `${VARIABLE}(?: environment variable| env var)? (?:is|was|are|must be|has to be|not) (?:not |required|undefined|unset|missing|empty|set|provided|defined)`,
  ),
  new RegExp(`(?:[Mm]issing|[Rr]equired|[Ss]et|[Nn]o|[Uu]ndefined)[^\n]{0,40} ${VARIABLE}`),
  new RegExp(`key not found: ${VARIABLE}`),
];

export const variableMissing: Diagnosis = {
  name: 'variable not set',
  find(trial) {
    const output = outputOf(trial);
    const name = UNSET.map((expression) => expression.exec(output)?.[1]).find(
      (one) => one !== undefined && !trial.env.has(one),
    );
    if (name === undefined) return undefined;
    return {
      cause: `it needs the variable ${name}`,
      advice: `Set ${name} in smoke: { env: … } for this start alone, in env when it belongs into the image, or set smoke: off.`,
    };
  },
};

export const notWritable: Diagnosis = {
  name: 'file not writable',
  find(trial) {
    const output = outputOf(trial);
    const path =
      /(?:EACCES|EROFS|EPERM)[^\n]*?'(\/[^']+)'/.exec(output)?.[1] ??
      /(?:PermissionError|OSError)[^\n]*?'(\/[^']+)'/.exec(output)?.[1] ??
      /([\w./-]*\/[\w./-]+): (?:[Pp]ermission denied|Read-only file system)/.exec(output)?.[1] ??
      /(?:cannot create|can't create|open|mkdir|touch|create)[^\n]*?["' ](\/[\w./-]+)["']?[^\n]*(?:[Pp]ermission denied|Read-only)/.exec(
        output,
      )?.[1] ??
      /[Pp]ermission denied[^\n]*?(\/[\w./-]+)/.exec(output)?.[1];
    if (path === undefined) return undefined;
    return {
      cause: `${path} is not its to write or read (it runs as ${trial.user})`,
      advice:
        'Let it write below /app, /tmp or its home, or make the directory in a phase below /app; user: "0:0" starts it as root.',
    };
  },
};

export const certificatesMissing: Diagnosis = {
  name: 'no trusted certificates',
  find(trial) {
    if (
      !/x509: certificate signed by unknown authority|unable to get (?:local )?issuer certificate|CERTIFICATE_VERIFY_FAILED|no (?:system|native) (?:root )?certificates|certificate verify failed|PKIX path building failed/.test(
        outputOf(trial),
      )
    )
      return undefined;
    return {
      cause: 'it trusts no certificates',
      advice: 'Add ca-certificates to apt_pkgs, or name a run_image that has them.',
    };
  },
};

export const timeZonesMissing: Diagnosis = {
  name: 'no time zones',
  find(trial) {
    const zone =
      /unknown time zone (\S+)/.exec(outputOf(trial))?.[1] ??
      /No time zone found with key (\w[\w+/-]*)/.exec(outputOf(trial))?.[1];
    if (zone === undefined) return undefined;
    return {
      cause: `the image knows no time zone ${zone}`,
      advice:
        'Add tzdata to apt_pkgs (for Python also to the requirements), or name a run_image that has it.',
    };
  },
};

export const outOfMemory: Diagnosis = {
  name: 'out of memory',
  find(trial) {
    const { exitCode } = trial.outcome;
    if (
      exitCode !== 137 &&
      !/heap out of memory|OutOfMemoryError|Cannot allocate memory/.test(outputOf(trial))
    )
      return undefined;
    return {
      cause: 'it ran out of memory',
      advice: 'Give this machine more memory, or the program less work at its start.',
    };
  },
};
