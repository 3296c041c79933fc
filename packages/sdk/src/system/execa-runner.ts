import { execa } from 'execa';
import type { Command, CommandResult, Runner } from '@nx-nixpack/base';
import { lineSplitter } from './line-splitter.js';
import { endWithGroup } from './process-group.js';

const DEFAULT_OUTPUT_LIMIT = 1024 * 1024;

/** The only place that starts processes: an argument list, no shell, no inherited environment, bounded output. */
export const execaRunner: Runner = { run };

async function run(command: Command): Promise<CommandResult> {
  const child = execa(command.file, command.args, {
    env: command.env,
    extendEnv: false,
    shell: false,
    encoding: 'buffer',
    buffer: false,
    reject: false,
    stripFinalNewline: false,
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    ...ending(command),
  });
  const group = command.ownGroup === true ? endWithGroup(child, command) : undefined;
  const stdout = collect(child.stdout, 'stdout', command);
  const stderr = collect(child.stderr, 'stderr', command);
  const result = await child;
  if (child.pid === undefined || (!group && failedToStart(result)))
    throw result.cause ?? new Error(result.shortMessage);
  return {
    exitCode: child.exitCode ?? undefined,
    signal: child.signalCode ?? undefined,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    timedOut: group?.timedOut ?? result.timedOut,
    aborted: group?.aborted ?? result.isCanceled,
    truncated: stdout.truncated() || stderr.truncated(),
  };
}

function ending({ ownGroup, timeoutMs, signal }: Command) {
  if (ownGroup === true) return { detached: true };
  return {
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    forceKillAfterDelay: 2000,
  };
}

/** No exit code, no signal and no reason of ours: the program never ran (ENOENT, EACCES). */
function failedToStart(result: {
  exitCode?: number;
  signal?: string;
  timedOut: boolean;
  isCanceled: boolean;
  cause?: unknown;
}): boolean {
  return (
    result.exitCode === undefined &&
    result.signal === undefined &&
    !result.timedOut &&
    !result.isCanceled
  );
}

/** Keeps what a stream prints up to the limit and passes whole lines on. */
function collect(
  stream: NodeJS.ReadableStream | null,
  name: 'stdout' | 'stderr',
  { maxOutputBytes = DEFAULT_OUTPUT_LIMIT, onLine }: Command,
): { bytes(): Buffer; truncated(): boolean } {
  const kept: Buffer[] = [];
  let size = 0;
  let truncated = false;
  const lines = onLine && lineSplitter((line) => onLine(line, name));
  stream?.on('data', (chunk: Buffer) => {
    const room = Math.max(0, maxOutputBytes - size);
    if (room > 0) kept.push(chunk.subarray(0, room));
    truncated ||= chunk.byteLength > room;
    size += Math.min(room, chunk.byteLength);
    lines?.write(chunk);
  });
  stream?.on('end', () => lines?.end());
  return { bytes: () => Buffer.concat(kept), truncated: () => truncated };
}
