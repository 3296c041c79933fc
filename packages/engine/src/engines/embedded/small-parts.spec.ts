import { bytes, type ByteString } from '@nx-nixpack/base';
import { Tail, commandFailed } from '../command-failed.js';
import { decodeMessage, encodeMessage, outputMessage } from './worker/messages.js';
import { bind, mountTable } from './sandbox/mount-table.js';
import { decodeRequest, encodeRequest, type WorkerRequest } from './worker/request.js';
import { isVolatile } from '../../pack/volatile.js';
import { run } from '../requests.contract.js';

describe('mountTable', () => {
  it('quotes what would end a field', () => {
    expect(mountTable([bind(bytes`/a b`, '/c\\d\t#e' as ByteString)])).toBe(
      '/a\\040b /c\\134d\\011\\043e none bind 0 0\n',
    );
  });
});

describe('isVolatile', () => {
  it.each([
    'var/lib/apt/lists/x',
    'tmp/a',
    'run/lock',
    'var/lib/dpkg/status-old',
    'root/.npm/_logs',
  ])('%s is', (path) => {
    expect(isVolatile(path as ByteString)).toBe(true);
  });
  it.each(['var/lib/apt/lists', 'tmp', 'var/lib/dpkg/status', 'app/tmp/a', 'var/logXdpkg.log'])(
    '%s is not',
    (path) => {
      expect(isVolatile(path as ByteString)).toBe(false);
    },
  );
});

describe('requests and messages', () => {
  it('bring bytes and maps over', () => {
    const request = {
      recipe: { stages: [{ steps: [{ content: Buffer.from([0, 255]) }] }] },
      secrets: new Map([['TOKEN', Buffer.from('s')]]),
    } as unknown as WorkerRequest;
    expect(decodeRequest(encodeRequest(request))).toEqual(request);
  });

  it('bring keys over that look like those of bytes and maps', () => {
    const request = {
      recipe: { config: { Labels: { $map: 'a', $bytes: 'b', $$bytes: 'c', $: 'd' } } },
      host: { env: { $bytes: 'x' } },
    } as unknown as WorkerRequest;
    expect(decodeRequest(encodeRequest(request))).toEqual(request);
  });

  it('keep one line a message, whatever a program prints', () => {
    const line = encodeMessage(outputMessage('\u0000'.repeat(100_000)));
    expect(line.length).toBeLessThan(64 * 1024);
    expect(decodeMessage(line.trimEnd())).toMatchObject({ kind: 'output' });
    expect(decodeMessage('noise')).toBeUndefined();
    expect(decodeMessage('{broken')).toBeUndefined();
  });
});

describe('commandFailed', () => {
  const step = run('make') as Parameters<typeof commandFailed>[0];

  it('keeps the last lines and no control sequence of them', () => {
    const tail = new Tail();
    for (let line = 1; line <= 25; line++) tail.add(`\u001b[31mline ${line}`);
    const { message } = commandFailed(step, { exitCode: 2, signal: undefined }, tail.lines, {
      expected: [],
    });
    expect(message.split('\n')).toHaveLength(21);
    expect(message).toContain('\n  | line 6\n');
    expect(message).not.toContain('\u001b');
  });

  it('hints at the network where a phase has none', () => {
    const failed = { exitCode: 1, signal: undefined };
    expect(commandFailed(step, failed, [], { expected: [] }).hint).toContain(
      'network: { build: true }',
    );
  });
});
