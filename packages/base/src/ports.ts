/** A program to start: an argument list, never a shell line, and the complete environment of the child. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Output kept in the result, a stream; more is dropped and `truncated` is set. Default 1 MiB. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal;
  /**
   * The program gets a process group of its own, which ends with it: at its time limit, when it is aborted, and when it
   * exits, so that no child of it is waited for or stays. It has no terminal then. Default false.
   */
  readonly ownGroup?: boolean;
  /** Called for each line as it arrives, without its line break, not sanitized. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface CommandResult {
  /** undefined when the program did not exit by itself. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  readonly truncated: boolean;
}

/** Starts programs. Resolves whatever the exit code; rejects only when the program cannot be started. */
export interface Runner {
  run(command: Command): Promise<CommandResult>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A function makes the body again for another try. */
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte in either direction, at most; connecting is included. */
  readonly idleMs?: number;
  /** Milliseconds from the end of the request to its answer, at most. Default `idleMs`. */
  readonly answerMs?: number;
  /**
   * The server whose answer led to this address. It is refused (ERR_PRIVATE_ADDRESS) when it is, after its name was
   * resolved, less public than that server: in a private network or on this machine.
   */
  readonly namedBy?: URL;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Must be read to its end or be returned (`for await … break`). Never decompressed. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** One request, one response: no redirects, no retries, no cookies, no decompression. Rejects on network failure. */
export interface HttpTransport {
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** What a long-running piece of work tells its caller. Receivers sanitize foreign text. */
export interface Progress {
  /** One of our own lines, e.g. `install  npm ci`. */
  step(message: string): void;
  /** A line that a program of the build printed. */
  output(line: string): void;
  warn(message: string): void;
}

export const silent: Progress = { step: () => {}, output: () => {}, warn: () => {} };
