import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerName } from './owner.js';
import { Store } from './store.js';

/* The engine works in a pid namespace of its own, where process ids mean something else. Needs root. */

let directory: string;
let child: ChildProcess;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'owner-'));
  const args = ['--pid', '--fork', '--mount-proc', '--kill-child', 'sleep', '600'];
  child = spawn('unshare', args, { stdio: 'ignore' });
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** The namespace that the child's own child lives in, as soon as there is one, and when that child started. */
async function ownerOfChild(): Promise<{ namespace: string; pid: number; started: string }> {
  for (let tries = 0; tries < 250; tries++, await pause()) {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    const link = children === '' ? '' : readlinkSync(`/proc/${children}/ns/pid`);
    const [, namespace] = /\[(\d+)\]/.exec(link) ?? [];
    if (namespace === undefined) continue;
    const stat = readFileSync(`/proc/${children}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return { namespace, pid: 1, started };
  }
  throw new Error('no child within five seconds');
}

it('keeps what belongs to a process of a living namespace, and removes it when the namespace is gone', async () => {
  const owner = await ownerOfChild();
  Store.open(directory);
  const name = `${ownerName(owner)}-file`;
  // The kernel gives the number of a namespace again: this owner lived in an earlier one.
  const earlier = `${ownerName({ ...owner, started: '1' })}-file`;
  for (const each of [name, earlier]) writeFileSync(join(directory, 'temporary', each), '');
  Store.open(directory);
  expect(readdirSync(join(directory, 'temporary'))).toEqual([name]);
  child.kill('SIGKILL');
  for (
    let tries = 0;
    tries < 250 && readdirSync(join(directory, 'temporary')).length > 0;
    tries++
  ) {
    await pause();
    Store.open(directory);
  }
  expect(readdirSync(join(directory, 'temporary'))).toEqual([]);
});
