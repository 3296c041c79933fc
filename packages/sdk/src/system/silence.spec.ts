import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { unacknowledged } from './send-queue.js';
import { Silence, watchedSlices } from './silence.js';

describe('Silence', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('ends what is allowed too little, and not before', () => {
    const silence = new Silence(undefined);
    silence.allow(1000);
    jest.advanceTimersByTime(990);
    silence.allow(1000);
    jest.advanceTimersByTime(999);
    expect(silence.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(silence.signal.aborted).toBe(true);
    expect(silence.reason(new Error('x'))).toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('waits as long as what was sent is on its way', () => {
    let queue = 100;
    const silence = new Silence(undefined, () => queue);
    silence.allow(1000);
    for (; queue > 0; queue--) jest.advanceTimersByTime(500);
    expect(silence.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1500);
    expect(silence.signal.aborted).toBe(true);
  });

  it('ends when what was sent stays where it is, and where nobody knows', () => {
    for (const queue of [100, undefined]) {
      const silence = new Silence(undefined, () => queue);
      silence.allow(1000);
      jest.advanceTimersByTime(1000);
      expect(silence.signal.aborted).toBe(true);
    }
  });

  it("ends nothing that has ended, and no request for its caller's reasons", () => {
    const outer = new AbortController();
    const silence = new Silence(outer.signal);
    silence.allow(1000);
    silence.end();
    silence.allow(1000);
    jest.advanceTimersByTime(9000);
    expect(silence.signal.aborted).toBe(false);
    outer.abort();
    expect(silence.signal.aborted).toBe(true);
    const error = new Error('x');
    expect(silence.reason(error)).toBe(error);
  });

  it('allows each piece of a body its time, and the answer another', async () => {
    const silence = new Silence(undefined);
    const allow = jest.spyOn(silence, 'allow');
    const body = (async function* () {
      yield Buffer.alloc(150_000);
    })();
    const sizes = [];
    for await (const piece of watchedSlices(body, silence, { idleMs: 20, answerMs: 50 }))
      sizes.push(piece.byteLength);
    expect(sizes).toEqual([65_536, 65_536, 18_928]);
    expect(allow.mock.calls).toEqual([[20], [20], [20], [50]]);
    silence.end();
  });
});

describe('unacknowledged', () => {
  const isLinux = process.platform === 'linux';
  (isLinux ? it : it.skip)('counts what nobody takes, until somebody does', async () => {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const taken = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => {});
    const other = await taken;
    // More than any system keeps for a reader, which is then full.
    client.write(Buffer.alloc(100 * 1024 * 1024));
    while ((unacknowledged() ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    other.resume();
    await new Promise((resolve) => client.once('drain', resolve));
    while (unacknowledged() !== 0) await new Promise((resolve) => setTimeout(resolve, 10));
    client.destroy();
    other.destroy();
    server.close();
  });
});
