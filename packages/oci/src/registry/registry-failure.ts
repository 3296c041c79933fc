import { type ErrorCode, excerpt, publicText, UserError } from '@nx-nixpack/base';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request that a registry (or the way to it) did not carry out. `retryable` says that another try may help. */
export class RegistryFailure extends UserError {
  readonly status: number | undefined;
  /** Codes of the registry's own error list, e.g. `DENIED`. */
  readonly codes: readonly string[];
  /** How long the registry asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problem: { code: ErrorCode; message: string; hint: string },
    details: {
      status?: number;
      codes?: readonly string[];
      retryAfterMs?: number | undefined;
      retryable?: boolean;
      cause?: unknown;
    } = {},
  ) {
    const { retryable = false, cause } = details;
    const message = publicText(problem.message).replace(/\s+/g, ' ').trim();
    super({ ...problem, message }, { retryable, ...(cause === undefined ? {} : { cause }) });
    this.status = details.status;
    this.codes = details.codes ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

export interface FailedRequest {
  readonly method: string;
  readonly url: URL;
}

/** Requests that failed for these statuses are tried again (docs/concepts/registries.md; 499 and 522 are what proxies say). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 499, 500, 502, 503, 504, 522]);

/** An answer with a status that is of no use. */
export function answered(
  request: FailedRequest,
  status: number,
  headers: Headers,
  body: Uint8Array,
): RegistryFailure {
  const errors = parseErrors(body, headers);
  const said = errors.text === '' ? '' : ` (${errors.text})`;
  const id = requestId(headers);
  const message = `${describeRequest(request)} was answered with ${status}${said}${id}`;
  return new RegistryFailure(
    { ...classifyStatus(status), message },
    {
      status,
      codes: errors.codes,
      retryAfterMs: retryAfter(headers['retry-after']),
      retryable: TRANSIENT.has(status),
    },
  );
}

/** The request or its answer broke off. */
export function brokeOff(request: FailedRequest, cause: unknown): RegistryFailure {
  const code = errorCode(cause);
  if (code === 'ERR_PRIVATE_ADDRESS')
    return protocolFailure(request, 'the registry leads to an address of a private network');
  if (code !== undefined && NOT_HTTP.test(code))
    return protocolFailure(request, `the answer breaks HTTP (${code})`, code !== OVERFLOW);
  const message = `${describeRequest(request)} failed: ${code ?? (cause as Error).message}`;
  const hint = HINTS[code ?? ''] ?? 'Check the name of the registry, the network and its proxies.';
  return new RegistryFailure(
    { code: 'REGISTRY_UNREACHABLE', message, hint },
    { retryable: !isPermanent(code), cause },
  );
}

/** undici takes 16 KiB of headers. */
const OVERFLOW = 'UND_ERR_HEADERS_OVERFLOW';
const NO_HTTP = 'ERR_NO_HTTP';
const NOT_HTTP = /^(?:ERR_NO_HTTP|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/;

/** The registry broke the distribution specification or our limits. */
export function protocolFailure(
  request: FailedRequest,
  problem: string,
  retryable = false,
): RegistryFailure {
  return new RegistryFailure(
    {
      code: 'REGISTRY_PROTOCOL',
      message: `${describeRequest(request)}: ${problem}`,
      hint: 'Check that the address is that of a container registry and that no proxy changes its answers.',
    },
    { retryable },
  );
}

export function digestMismatch(what: string, expected: string, found: string): RegistryFailure {
  return new RegistryFailure({
    code: 'REGISTRY_DIGEST_MISMATCH',
    message: `${what} is ${found}, not ${expected}`,
    hint: 'Run the task again; when it fails in the same way, the registry or something before it changes contents.',
  });
}

/** Queries hold upload states and signatures of storage services: never shown. */
function describeRequest({ method, url }: FailedRequest): string {
  return `${method} ${url.protocol}//${url.host}${url.pathname}`;
}

function classifyStatus(status: number): { code: ErrorCode; hint: string } {
  if (status === 401 || status === 403)
    return {
      code: 'REGISTRY_AUTH',
      hint: 'Log in to the registry (docker login REGISTRY) with an account that may do this.',
    };
  if (status === 404)
    return {
      code: 'REGISTRY_NOT_FOUND',
      hint: 'Check the repository and tag, and that your account may see them.',
    };
  if (TRANSIENT.has(status))
    return { code: 'REGISTRY_UNREACHABLE', hint: 'Try again later; the registry is busy.' };
  return { code: 'REGISTRY_PROTOCOL', hint: 'Look up what the registry says about this request.' };
}

interface ErrorEntry {
  readonly code?: unknown;
  readonly message?: unknown;
}

const MAX_SAID = 300;
const MAX_CODE = 100;

/** JSON error list of the distribution specification, plain text, or anything else (which is not shown). */
function parseErrors(body: Uint8Array, headers: Headers): { text: string; codes: string[] } {
  const text = Buffer.from(body).toString('utf8');
  try {
    const { errors } = JSON.parse(text) as { errors: readonly ErrorEntry[] };
    const codes = errors.map(({ code }) => excerpt(String(code), MAX_CODE));
    const said = errors.map(
      ({ code, message }) => `${String(code)}${message ? `: ${String(message)}` : ''}`,
    );
    return { text: excerpt(said.join('; '), MAX_SAID), codes };
  } catch {
    const isText = String(headers['content-type'] ?? 'text/plain').startsWith('text/plain');
    return { text: isText ? excerpt(text, MAX_SAID) : '', codes: [] };
  }
}

function requestId(headers: Headers): string {
  for (const name of [
    'x-request-id',
    'x-amzn-requestid',
    'x-ms-request-id',
    'x-github-request-id',
  ]) {
    const id = headers[name];
    if (typeof id === 'string') return `, request ${excerpt(id, 100)}`;
  }
  return '';
}

const MAX_RETRY_AFTER_MS = 60_000;

/** Seconds or a date, at most a minute. */
function retryAfter(value: string | readonly string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS) : undefined;
}

/** The first code in the chain of causes, e.g. ECONNREFUSED. What undici cannot parse has none, but a name. */
function errorCode(error: unknown): string | undefined {
  let at = error as { code?: unknown; name?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    if (typeof at.code === 'string') return at.code;
    if (at.name === 'HTTPParserError') return NO_HTTP;
    at = at.cause as typeof at;
  }
  return undefined;
}

/** Names that do not exist and certificates that do not hold stay so. */
const isPermanent = (code = ''): boolean =>
  /^(?:ENOTFOUND|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|UND_ERR_INVALID|ERR_INVALID|UND_ERR_REQ_)/.test(
    code,
  );

const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Check the name of the registry; no such host is known here.',
  ECONNREFUSED: 'Start the registry, or correct its port; http is spoken to loopback hosts only.',
  CERT_HAS_EXPIRED: 'The certificate has expired, or the clock of this machine is wrong.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet, or the clock of this machine is wrong.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Name the certificate authority of the registry in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'Name the certificate authority of the registry in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'Name the certificate authority of the registry in NODE_EXTRA_CA_CERTS.',
};
