import {
  type CommandResult,
  excerpt,
  isObject,
  publicText,
  redactor,
  secretsRead,
  UserError,
} from '@nx-nixpack/base';
import { basicOrToken } from './config-auths.js';
import { badConfig, type ConfigFile } from './config-file.js';
import type { CredentialReader, ReaderContext } from './credential-reader.js';
import type { Credentials } from './credential-source.js';
import { noteVariables } from './note-secrets.js';
import { helperKey, matchingKeys } from './registry-key.js';

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 64 * 1024;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** What every helper says when it has nothing (docker-credential-helpers). */
const NOT_FOUND = 'credentials not found in native keychain';

/** `credHelpers` and `credsStore`: programs named `docker-credential-<name>` on PATH. */
export const credentialHelpers: CredentialReader = {
  name: 'credential-helpers',
  async find(file, registry, repository, context) {
    for (const name of helperNames(file, registry, repository)) {
      const credentials = await ask(name, registry, context);
      if (credentials) return { credentials, origin: `helper ${name}` };
    }
    return undefined;
  },
};

/** The helper of this registry, then the store for all of them. */
function helperNames(file: ConfigFile, registry: string, repository: string): readonly string[] {
  const [key] = matchingKeys(file.credHelpers, registry, repository);
  const own = key === undefined ? undefined : file.credHelpers[key];
  if (own !== undefined && typeof own !== 'string')
    throw badConfig(file.path, `names a helper for ${key} that is not text`);
  const names = [own, file.credsStore].filter((name) => name !== undefined && name !== '');
  for (const name of names)
    if (!NAME.test(name as string))
      throw badConfig(file.path, `names a helper "${name}", which is not a name of a program`);
  return [...new Set(names as string[])];
}

async function ask(
  name: string,
  registry: string,
  { runner, env }: ReaderContext,
): Promise<Credentials | undefined> {
  const file = `docker-credential-${name}`;
  noteVariables(env);
  let result: CommandResult;
  try {
    result = await runner.run({
      file,
      args: ['get'],
      env,
      input: helperKey(registry),
      timeoutMs: TIMEOUT_MS,
      ownGroup: true,
      maxOutputBytes: MAX_OUTPUT,
    });
  } catch (error) {
    throw failed(file, registry, `cannot be started (${(error as { code?: string }).code})`, error);
  }
  return answerOf(result, file, registry);
}

function answerOf(result: CommandResult, file: string, registry: string): Credentials | undefined {
  const { exitCode, timedOut, truncated, stdout, stderr } = result;
  noteSecret(stdout);
  if (timedOut) throw failed(file, registry, `did not answer within ${TIMEOUT_MS / 1000} seconds`);
  if (exitCode !== 0) {
    const said = `${stdout.toString('utf8')}\n${stderr.toString('utf8')}`;
    if (said.includes(NOT_FOUND)) return undefined;
    throw failed(file, registry, `failed${reason(result)}`);
  }
  if (truncated) throw failed(file, registry, `printed more than ${MAX_OUTPUT} bytes`);
  return parseAnswer(stdout, file, registry);
}

/** A secret is noted even when the helper failed after it had printed it. */
function noteSecret(stdout: Buffer): void {
  const found = /"Secret"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(stdout.toString('utf8'))?.[1];
  if (found === undefined) return;
  try {
    secretsRead.add(JSON.parse(found) as string);
  } catch {
    secretsRead.add(found.slice(1, -1));
  }
}

/** Only the first line of standard error is shown, and nothing of it that stands in standard output, which holds secrets. */
function reason({ stdout, stderr }: CommandResult): string {
  const words = stdout.toString('utf8').match(/[^\s"',:{}[\]]{6,}/g) ?? [];
  const redact = redactor(words.filter((word) => /[^a-z]/.test(word)).slice(0, 1000));
  const line = redact(stderr.toString('utf8').trim()).split('\n')[0] ?? '';
  return line === '' ? '' : `: ${excerpt(line, 200)}`;
}

function parseAnswer(stdout: Buffer, file: string, registry: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout.toString('utf8'));
  } catch {
    throw failed(file, registry, 'printed something that is not JSON');
  }
  const { Username, Secret } = isObject(answer) ? answer : {};
  if (typeof Username !== 'string' || typeof Secret !== 'string')
    throw failed(file, registry, 'printed no Username and Secret');
  // Username and Secret both empty is how some helpers say that they have nothing.
  return Username === '' && Secret === '' ? undefined : basicOrToken(Username, Secret);
}

function failed(file: string, registry: string, problem: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'REGISTRY_AUTH',
      message: publicText(`${file}, configured for ${registry}, ${problem}`),
      hint: `Install or repair ${file}, or remove it from the Docker configuration.`,
    },
    cause === undefined ? {} : { cause },
  );
}
