import { spawn } from 'node:child_process';

/** What went wrong and what to do about it: printed without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} [hint]
   */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Runs a program without a shell and waits for it.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string, mayFail?: boolean, maxBuffer?: number }} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} code 127 when there is no such program
 */
export async function run(file, args, options = {}) {
  const { cwd, env = process.env, input, mayFail = false } = options;
  const child = spawn(file, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.stdin.on('error', () => {}); // a program that does not read its input closes it
  child.stdin.end(input ?? '');
  const code = await new Promise((resolve, reject) => {
    child.on('error', (error) => (error.code === 'ENOENT' ? resolve(127) : reject(error)));
    child.on('close', (status, signal) => resolve(status ?? (signal ? 128 : 1)));
  });
  const result = { code, stdout: stdout(), stderr: stderr() };
  if (code === 0 || mayFail) return result;
  throw new SetupError(
    `${file} ${args.slice(0, 3).join(' ')} ended with code ${code}\n${tail(result.stderr || result.stdout)}`,
    code === 127 ? `Is ${file} installed?` : undefined,
  );
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

const tail = (text) => text.trimEnd().split('\n').slice(-15).join('\n');

/** Runs the body of a command line tool: what is a SetupError is printed, anything else is a bug. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(
      `${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`,
    );
    process.exitCode = 1;
  }
}

/** True when the module is the program that node was started with. */
export const isProgram = (url) => url === new URL(`file://${process.argv[1]}`).href;
