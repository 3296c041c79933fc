import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silent } from '@nx-nixpack/base';
import { Store } from '@nx-nixpack/oci';
import { diskTree } from '../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../sdk/src/system/execa-runner.js';
import { itKeepsTheEngineContract } from '../engine.contract.js';
import { hostBase } from '../host-base.contract.js';
import { HERE, NO_HOST, recipe, run, stage } from '../requests.contract.js';
import { itKeepsTheShellEngineContract } from '../shell-engine.contract.js';
import { sourceWorker } from './build-once.contract.js';
import { embeddedEngine } from './embedded-engine.js';

const ROOT = join(__dirname, '../../../../..');
const SOURCES = join(ROOT, 'packages/engine/test-support/run-sources.cjs');
const BUILD_ONCE = join(__dirname, 'build-once.contract.ts');
const MOMENTS = 10;
/** How long a killed build may need to disappear, and for how much longer one would be there that is not killed. */
const GRACE_MS = 60_000;
const LINGER_SECONDS = '600';

describe('the embedded engine', () => {
  const engine = embeddedEngine({ runner: execaRunner, worker: () => sourceWorker() });
  itKeepsTheEngineContract(() => ({
    engine,
    tree: diskTree,
    base: (store) => hostBase(execaRunner, store),
  }));
  itKeepsTheShellEngineContract(() => ({ engine, runner: execaRunner, tree: diskTree }));
});

describe('a store without room', () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-full-'));
  const store = join(directory, 'store');
  beforeAll(() => {
    mkdirSync(store);
    mkdirSync(join(directory, 'source'));
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', store]);
  });
  afterAll(() => {
    spawnSync('umount', [store]);
    rmSync(directory, { recursive: true });
  });

  it('is named as the reason, and with more room the next build succeeds', async () => {
    const engine = embeddedEngine({ runner: execaRunner, worker: () => sourceWorker() });
    const base = await hostBase(execaRunner, Store.open(join(directory, 'bases')));
    const build = () =>
      engine.build({
        recipe: recipe([stage([run('echo x > y')])]),
        source: diskTree(join(directory, 'source')),
        bases: { build: base },
        platform: HERE,
        storeDirectory: store,
        secrets: new Map(),
        host: NO_HOST,
        progress: silent,
        signal: new AbortController().signal,
      });
    await expect(build()).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(leftovers(store)).toEqual([]);
    spawnSync('mount', ['-o', 'remount,size=200m', store]);
    expect((await build()).image.layers).toHaveLength(2);
  });
});

describe('a build that is killed', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'engine-kill-'));
    mkdirSync(join(directory, 'source'));
    writeFileSync(join(directory, 'source/file'), 'content');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** A duration for `sleep` that no other process of the machine uses. */
  const marker = `0.${10_000 + (process.pid % 10_000)}${Math.floor(performance.now()) % 1000}`;
  const start = (
    store: string,
    linger = marker,
  ): { child: ChildProcess; lines: string[]; ended: Promise<void> } => {
    const args = ['--conditions=@nx-nixpack/source', '--require', SOURCES, BUILD_ONCE];
    const child = spawn(
      process.execPath,
      [...args, store, join(directory, 'source'), marker, linger],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines: string[] = [];
    child.stdout.on('data', (text: Buffer) =>
      lines.push(...text.toString().split('\n').filter(Boolean)),
    );
    return { child, lines, ended: new Promise((resolve) => child.on('close', () => resolve())) };
  };

  it('leaves no process, mount or temporary file, and the next run succeeds', async () => {
    const reference = start(join(directory, 'reference'));
    const started = performance.now();
    await reference.ended;
    const duration = performance.now() - started;
    const digest = reference.lines.at(-1);
    expect(digest).toMatch(/^sha256:/);
    for (let moment = 1; moment <= MOMENTS; moment++) {
      const store = join(directory, `store-${moment % 3}`);
      // A build that outlives its caller would be there for longer than the grace.
      const build = start(store, LINGER_SECONDS);
      await delay((duration * moment) / (MOMENTS + 1));
      build.child.kill('SIGKILL');
      await build.ended;
      await goneWithin(GRACE_MS, store, marker);
      const again = start(store);
      await again.ended;
      expect(again.lines.at(-1)).toBe(digest);
      expect(leftovers(store)).toEqual([]);
      // Half of the times the next kill meets a build that has everything to do.
      if (moment % 2 === 0) rmSync(join(store, 'embedded/snapshots'), { recursive: true });
    }
  });
});

async function goneWithin(milliseconds: number, store: string, marker: string): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (alive(store, marker).length > 0 && performance.now() < deadline) await delay(50);
  expect(alive(store, marker)).toEqual([]);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(store);
}

/** Command lines of processes that belong to a build. */
function alive(store: string, marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(store) || line.includes(marker));
}

const leftovers = (store: string): string[] =>
  ['temporary', 'embedded/sessions', 'embedded/trash'].flatMap((name) =>
    existsSync(join(store, name)) ? readdirSync(join(store, name)) : [],
  );
