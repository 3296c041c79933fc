import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image } from '@nx-nixpack/oci';
import { Store } from '@nx-nixpack/oci';
import { diskTree } from '../../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import type { StartOptions, StartOutcome } from '../../engine.js';
import { hostBase } from '../../host-base.contract.js';
import { copy, recipe, requestFor, run, stage } from '../../requests.contract.js';
import { sourceWorker } from '../build-once.contract.js';
import { embeddedEngine } from '../embedded-engine.js';

const directory = mkdtempSync(join(tmpdir(), 'engine-start-'));
const storeDirectory = join(directory, 'store');
const engine = embeddedEngine({ runner: execaRunner, worker: () => sourceWorker() });
const GENEROUS = 300;
let base: Image;

/** Listens on ADDRESS PORT and answers every request, by what Perl has built in. */
const SERVER = String.raw`my ($address, $port) = @ARGV;
socket(my $server, 2, 1, 0);
setsockopt($server, 1, 2, pack('i', 1));
bind($server, pack('S n C4 x8', 2, $port, split(/\./, $address))) or die "listen: $!\n";
listen($server, 5);
while (accept(my $one, $server)) { sysread $one, my $asked, 4096; syswrite $one, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"; close $one }
`;

beforeAll(async () => {
  mkdirSync(join(directory, 'source'));
  writeFileSync(join(directory, 'source/server.pl'), SERVER);
  base = await hostBase(execaRunner, Store.open(join(directory, 'bases')));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function started(
  line: string,
  options: Partial<StartOptions> = {},
  user = '65532:65532',
): Promise<StartOutcome> {
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  const request = {
    ...requestFor(
      recipe([stage([copy(['.']), run('echo left > /tmp/left; touch built; chmod 600 built')])], {
        config: {
          User: user,
          Env: ['PATH=/usr/bin:/bin', 'NAME=of the image'],
          Entrypoint: ['/bin/bash', '-l', '-c'],
          Cmd: [line],
          WorkingDir: '/app',
        },
        ownership: { uid, gid, paths: ['/app'] },
      }),
    ),
    source: diskTree(join(directory, 'source')),
    bases: { build: base },
    storeDirectory,
  };
  await engine.build(request);
  const start = { env: {}, ports: [], path: '/', seconds: GENEROUS, quiet: 2, ...options };
  if (!engine.start) throw new Error('the engine starts nothing');
  return engine.start({ ...request, start });
}
const serve = (address: string): string => `exec perl /app/server.pl ${address.replace(':', ' ')}`;

it('gives the exit code and the last lines of a program that ends', async () => {
  const { exitCode, lines, listeners } = await started('echo one; echo two >&2; exit 7');
  expect({ exitCode, listeners }).toEqual({ exitCode: 7, listeners: [] });
  expect([...lines].sort()).toEqual(['one', 'two']);
});

it('starts it as the user of the image, with its variables and files, and without powers', async () => {
  const { lines } = await started(
    'id -u; id -g; echo $NAME; echo $HOME; pwd; stat -c %u built; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status; cat /tmp/left; echo > /dev/stdout; :',
  );
  expect(lines).toEqual(
    expect.arrayContaining([
      '65532',
      'of the image',
      '/app',
      'CapEff:\t0000000000000000',
      'NoNewPrivs:\t1',
      'cat: /tmp/left: No such file or directory',
    ]),
  );
});

it('keeps nothing of what it writes', async () => {
  expect((await started('echo x > written; cat written')).lines).toEqual(['x']);
  expect((await started('ls written')).exitCode).not.toBe(0);
});

it('asks what listens, on the port that is waited for', async () => {
  const address = '0.0.0.0:8080';
  const { listeners, answer, exitCode } = await started(serve(address), { ports: [8080] });
  expect(exitCode).toBeUndefined();
  expect(listeners).toEqual([{ address: '0.0.0.0', port: 8080 }]);
  expect(answer).toEqual({ address: '0.0.0.0', port: 8080, status: 404 });
});

it('tells on which address and port a program listens instead', async () => {
  const { listeners, answer } = await started(serve('127.0.0.1:3000'), {
    ports: [8080],
    seconds: 3,
  });
  expect(listeners).toEqual([{ address: '127.0.0.1', port: 3000 }]);
  expect(answer).toBeUndefined();
});

it('has no power over ports below 1024 unless it is root', async () => {
  const refused = await started(serve('0.0.0.0:80'), { ports: [80] });
  expect(refused.lines).toContain('listen: Permission denied');
  const root = await started(serve('0.0.0.0:80'), { ports: [80] }, '0:0');
  expect(root.answer).toMatchObject({ port: 80, status: 404 });
});

it('reaches nothing of the machine', async () => {
  const { lines } = await started('(echo > /dev/tcp/192.0.2.1/80) 2>&1; cat /proc/net/dev | wc -l');
  expect(lines.join('\n')).toMatch(/Network is unreachable/);
  expect(lines).toContain('3');
});

it('waits for the end of a command that stands for the program', async () => {
  const { exitCode, lines } = await started('exit 1', {
    command: 'echo of $NAME $MORE',
    env: { MORE: 'more' },
  });
  expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: ['of of the image more'] });
});

it('leaves no process and no file', async () => {
  await started('sleep 601.5 & sleep 601.5', { quiet: 0.1 });
  const commands = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid));
  const { stdout } = await execaRunner.run({
    file: 'grep',
    args: ['-l', 'sleep.601.5', ...commands.map((pid) => `/proc/${pid}/cmdline`)],
    env: { PATH: '/usr/bin:/bin' },
  });
  expect(stdout.toString()).not.toMatch(/^\/proc\/(?!self)/);
  expect(readdirSync(join(storeDirectory, 'embedded/sessions'))).toEqual([]);
});
