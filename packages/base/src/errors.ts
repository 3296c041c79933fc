import { secretsRead } from './secrets-read.js';

/** Every failure a user can meet, in alphabetical order. docs/errors.md has one section per code. */
export const ERROR_CODES = [
  'ARCHIVE_GONE',
  'ARCHIVE_INVALID',
  'BASE_INVALID',
  'BASE_UNFIT',
  'CACHE_RESULT_REJECTED',
  'CHANNEL_UNREACHABLE',
  'COMMAND_FAILED',
  'CONFIG_ALIAS_LIMIT',
  'CONFIG_CYCLE',
  'CONFIG_DUPLICATE_DEPLOYMENT',
  'CONFIG_DUPLICATE_IMAGE',
  'CONFIG_DUPLICATE_KEY',
  'CONFIG_DUPLICATE_PROJECT',
  'CONFIG_ENCODING',
  'CONFIG_FORBIDDEN_KEY',
  'CONFIG_INVALID_NAME',
  'CONFIG_INVALID_VALUE',
  'CONFIG_MISSING_KEY',
  'CONFIG_NOT_A_FILE',
  'CONFIG_SYNTAX',
  'CONFIG_TOO_DEEP',
  'CONFIG_TOO_LARGE',
  'CONFIG_UNKNOWN_COMPONENT',
  'CONFIG_UNKNOWN_KEY',
  'CONFIG_UNKNOWN_TARGET',
  'CONFIG_UNKNOWN_TEMPLATE',
  'CONFIG_UNQUOTED_TEMPLATE',
  'CONFIG_UNSAFE_TAG',
  'CONFIG_WRONG_TYPE',
  'ENGINE_ABORTED',
  'ENGINE_UNAVAILABLE',
  'GIT_UNAVAILABLE',
  'PLAN_INVALID',
  'PLAN_NOTHING_DETECTED',
  'PLAN_PROVIDER_UNKNOWN',
  'PLAN_START_MISSING',
  'REGISTRY_AUTH',
  'REGISTRY_DIGEST_MISMATCH',
  'REGISTRY_INVALID_REFERENCE',
  'REGISTRY_NOT_FOUND',
  'REGISTRY_PROTOCOL',
  'REGISTRY_UNREACHABLE',
  'SBOM_INVALID',
  'SBOM_TOO_LARGE',
  'SECRET_MISSING',
  'SMOKE_FAILED',
  'SOURCE_CHANGED',
  'SOURCE_CREDENTIALS',
  'SOURCE_MISSING',
  'SOURCE_OUTSIDE_WORKSPACE',
  'SOURCE_UNSUPPORTED',
  'STORE_CORRUPT',
  'STORE_FULL',
  'TOOLCHAIN_UNAVAILABLE',
  'UNSUPPORTED',
  'WORKSPACE_INCLUDE_EMPTY',
  'WORKSPACE_LOCK_DISAGREES',
  'WORKSPACE_LOCK_UNSUPPORTED',
  'WORKSPACE_MEMBER_MISSING',
  'WORKSPACE_OUTSIDE',
  'WORKSPACE_UNDECLARED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A place in a file that a user wrote. `line` and `column` begin at 1; columns count characters. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly code: ErrorCode;
  /** What is wrong, one sentence without a full stop at its end. */
  readonly message: string;
  /** What the reader can do next, as one imperative sentence. */
  readonly hint: string;
  readonly at?: Position | undefined;
  /** Further places that belong to the same problem, e.g. the other entries of a cycle. */
  readonly related?: readonly Position[];
}

/**
 * A failure the user can act on. Anything else that is thrown is a bug of this product and keeps its stack.
 * No secret that was read before it is made gets into its texts.
 */
export class UserError extends Error implements Problem {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly at: Position | undefined;
  /** Set when trying again may help (a registry that was busy, a connection that was cut). */
  readonly retryable: boolean;
  /** All problems of the same kind that were found together, this one first. */
  readonly problems: readonly Problem[];

  constructor(
    problem: Problem,
    options: { cause?: unknown; retryable?: boolean; problems?: readonly Problem[] } = {},
  ) {
    const clean = withoutSecrets(problem);
    super(clean.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = problem.code;
    this.hint = clean.hint;
    this.at = problem.at;
    this.retryable = options.retryable ?? false;
    this.problems = options.problems?.map(withoutSecrets) ?? [clean];
  }

  /** The same failure, standing at `at` unless it says itself where: who throws it may not know what line of a file it came from. */
  placedAt(at: Position): UserError {
    if (this.at !== undefined) return this;
    const { code, message, hint, retryable } = this;
    const problems = this.problems.map((problem) => ({ ...problem, at: problem.at ?? at }));
    return new UserError({ code, message, hint, at }, { cause: this, retryable, problems });
  }

  /** One error for several problems, so that a user sees all of them at once. Throws when there is none. */
  static of(problems: readonly Problem[]): UserError {
    const [first] = problems;
    if (first === undefined) throw new Error('UserError.of needs at least one problem');
    return new UserError(first, { problems });
  }
}

const withoutSecrets = (problem: Problem): Problem => ({
  ...problem,
  message: secretsRead.redact(problem.message),
  hint: secretsRead.redact(problem.hint),
});

/** `file:line:column CODE message`, below it the hint and the other places that belong to it. The text is not sanitized here. */
export function describeProblem(problem: Problem): string {
  const place = problem.at ? `${placeText(problem.at)} ` : '';
  const others = problem.related?.map(placeText) ?? [];
  const also = others.length > 0 ? `\n  see also: ${others.join(', ')}` : '';
  return `${place}${problem.code} ${problem.message}\n  hint: ${problem.hint}${also}`;
}

const placeText = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;
