import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { dockerCredentials } from '@nx-nixpack/oci';
import { leaksIn } from '@nx-nixpack/testing';
import { execaRunner } from './execa-runner.js';

const SECRET = 'p4$$W0/rd+of-the-helper';
const ANSWER = JSON.stringify({ ServerURL: 'r.example', Username: 'u', Secret: SECRET });
let directory: string;

beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'helpers-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Real helpers: bash scripts, which note the processes that they start. */
async function ask(script: string): Promise<{ found: unknown; shown: string; seconds: number }> {
  const file = join(directory, 'docker-credential-real');
  const note = `note() { echo $! >> ${directory}/children; }`;
  writeFileSync(file, `#!/bin/bash\n${note}\n${script}\n`, { mode: 0o755 });
  writeFileSync(join(directory, 'answer'), ANSWER);
  const source = dockerCredentials({
    env: { PATH: `${directory}:/usr/bin:/bin`, ANSWER: join(directory, 'answer') },
    homeDirectory: '/home/u',
    runner: execaRunner,
    readFile: (path) =>
      path === '/home/u/.docker/config.json' ? '{"credsStore":"real"}' : undefined,
  });
  const started = performance.now();
  const found: unknown = await source.find('r.example', 'a/b').catch((error: unknown) => error);
  const seconds = (performance.now() - started) / 1000;
  return { found, shown: found instanceof Error ? inspect(found, { depth: 9 }) : '', seconds };
}

/** The children that still run; a process that has ended and was not waited for does not. */
function running(): string[] {
  if (!readdirSync(directory).includes('children')) return [];
  const pids = readFileSync(join(directory, 'children'), 'utf8').trim().split('\n');
  return pids.filter((pid) => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  });
}

async function nothingRuns(): Promise<void> {
  while (running().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** How long a helper would be there that nobody ends. */
const HELPER_SECONDS = 600;
const credentials = { kind: 'basic', username: 'u', password: SECRET };

it('takes an answer, and leaves nothing of what the helper started', async () => {
  const { found } = await ask('sleep 600 & note; cat "$ANSWER"');
  expect(found).toMatchObject({ credentials, origin: 'helper real' });
  await nothingRuns();
});

it('takes an answer though somebody else keeps the output open', async () => {
  const { found } = await ask('setsid sleep 600 & note; sleep 0.3; cat "$ANSWER"');
  expect(found).toMatchObject({ credentials });
  for (const pid of running()) process.kill(Number(pid), 'SIGKILL');
  await nothingRuns();
});

it('gives up a helper and its children after ten seconds', async () => {
  const { found, seconds } = await ask(`sleep ${HELPER_SECONDS} & note; sleep ${HELPER_SECONDS}`);
  expect(found).toMatchObject({
    code: 'REGISTRY_AUTH',
    message: expect.stringContaining('within 10 seconds'),
  });
  expect(seconds).toBeLessThan(HELPER_SECONDS);
  await nothingRuns();
});

it.each([
  ['as it is', 'cat "$ANSWER" >&2'],
  ['in base64', 'base64 -w0 "$ANSWER" >&2'],
  ['in hexadecimal', 'od -An -v -tx1 "$ANSWER" | tr -d " \\n" >&2'],
  [
    'in a trace',
    'set -x; secret=$(sed "s/.*Secret.:.//; s/..$//" "$ANSWER"); echo "$secret" > /dev/null',
  ],
])('shows no secret that a failing helper prints %s', async (_, print) => {
  const { found, shown } = await ask(`cat "$ANSWER"; ${print}; exit 3`);
  expect(found).toMatchObject({ code: 'REGISTRY_AUTH' });
  expect(shown).toContain('docker-credential-real');
  expect(leaksIn(shown, { secret: SECRET })).toEqual([]);
});
