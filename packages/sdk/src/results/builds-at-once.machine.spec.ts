import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { anonymous, type Image, pushContent, Store, writeLayout } from '@nx-nixpack/oci';
import { loopbackTransport, startRegistry, type TestRegistry } from '@nx-nixpack/testing';
import { hostBase } from '../../../engine/src/engines/host-base.contract.js';
import { execaRunner } from '../system/execa-runner.js';

/** By hand: NIXPACK_BUILDS=100 NIXPACK_KILLS=30 NIXPACK_SEED=1 npx jest -c jest.machine.config.cjs builds-at-once */
const BUILDS = Number(process.env['NIXPACK_BUILDS'] ?? 12);
const KILLS = Number(process.env['NIXPACK_KILLS'] ?? 4);
const SEED = Number(process.env['NIXPACK_SEED'] ?? 1);
const HOURS = 3_600_000;
/** How long the processes of a killed build may need to disappear. */
const GRACE_MS = 60_000;
const MAKE = join(__dirname, '../../test-support/make-component.cjs');

let root: string;
let registry: TestRegistry;
let base: Image;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'at-once-'));
  registry = await startRegistry();
  base = await hostBase(execaRunner, Store.open(join(root, 'bases')));
  await writeLayout(base, join(root, '.bases/host'));
  const access = { transport: loopbackTransport(), credentials: anonymous };
  await pushContent(base, { registry: registry.host, repository: 'host' }, { ...access, tags: [] });
  write('web/index.html', '<h1>web</h1>\n');
  write('pulled/index.html', '<h1>pulled</h1>\n');
  write('derived/index.html', '<h1>derived</h1>\n');
  const components = [
    component('web', 'oci:.bases/host'),
    component('pulled', `${registry.host}/host@${base.digest}`),
    component('derived', '{{ nixpack.web.ref }}'),
  ].join('');
  const text = `deployment:\n  name: shop\n  components:\n    nixpack:${components}\n`;
  write('deployments/shop.yaml', text);
});
afterAll(async () => {
  await registry.close();
  rmSync(root, { recursive: true, force: true });
});

const component = (name: string, image: string) => `
      ${name}:
        vars:
          source: ./${name}
          image: { registry: r.example.com, name: shop/${name}, tag: v1 }
          build_cmd: 'sleep 0.2; for i in {1..200}; do echo $i > many$i; done'
          start_cmd: './run'
        settings: { nixpack: { toolchain: base, build_image: "${image}" } }`;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const outputs = (name: string, ...parts: string[]) =>
  join(root, 'dist/nixpack/shop/nixpack', name, ...parts);

interface Made {
  readonly child: ChildProcess;
  /** The digest, or what went wrong. */
  readonly ended: Promise<string>;
}

function make(name: string, store: string): Made {
  const child = spawn(process.execPath, [MAKE, root, join(root, store), name], {
    env: { ...process.env, HOME: root },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  return { child, ended: new Promise((done) => child.on('close', () => done(output.trim()))) };
}

/** What lies in a component's outputs under a temporary name, at any depth, and in the store's places for such things. */
function leftovers(name: string, store: string): string[] {
  const places = ['temporary', 'embedded/sessions', 'embedded/trash'].map((one) =>
    join(store, one),
  );
  const inStore = places.flatMap((path) =>
    existsSync(join(root, path)) ? readdirSync(join(root, path)) : [],
  );
  const all = readdirSync(outputs(name), { recursive: true, encoding: 'utf8' });
  return [...inStore, ...all.filter((path) => /(^|\/)\.?[^/]*tmp/i.test(path))];
}

/** Command lines of processes that have to do with this workspace; the locks are held by some of them. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(root));
}

async function nothingRuns(): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  while (processes().length > 0 && performance.now() < deadline) await pause(50);
  expect(processes()).toEqual([]);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(root);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('builds of one component', () => {
  it(
    `end in one digest when ${BUILDS} run in pairs and fours at once`,
    async () => {
      const digest = await make('web', 'store').ended;
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      cpSync(outputs('web', 'image'), join(root, 'older'), { recursive: true });
      writeFileSync(join(root, 'older/image.json'), '{}');
      const ends: string[] = [];
      for (let round = 0; ends.length < BUILDS; round++) {
        // Every other round has everything to do; each finds another image that it must replace, or none.
        if (round % 2 === 0) rmSync(join(root, 'store'), { recursive: true });
        rmSync(outputs('web', 'image'), { recursive: true });
        if (round % 3 > 0)
          cpSync(join(root, 'older'), outputs('web', 'image'), { recursive: true });
        const many = Math.min(round % 4 < 2 ? 2 : 4, BUILDS - ends.length);
        const made = Array.from({ length: many }, () => make('web', 'store').ended);
        ends.push(...(await Promise.all(made)));
        expect(leftovers('web', 'store')).toEqual([]);
      }
      expect(new Set(ends)).toEqual(new Set([digest]));
      expect(ends).toHaveLength(BUILDS);
      await nothingRuns();
    },
    HOURS,
  );

  it(
    `leave nothing when ${KILLS} are killed while they pull or build, and the next run is right`,
    async () => {
      const next = random(SEED);
      const names = ['web', 'pulled', 'derived'];
      const wanted = new Map<string, string>();
      const durations = new Map<string, number>();
      for (const name of names) {
        const started = performance.now();
        wanted.set(name, await make(name, `reference-${name}`).ended);
        durations.set(name, performance.now() - started);
        expect(wanted.get(name)).toMatch(/^sha256:[0-9a-f]{64}$/);
      }
      for (let kill = 0; kill < KILLS; kill++) {
        const name = names[Math.floor(next() * names.length)] ?? 'web';
        const store = `killed-${kill % 3}`;
        // The image of `web` is the base of `derived`, which cannot be built without it.
        if (name !== 'web') rmSync(outputs(name, 'image'), { recursive: true, force: true });
        if (next() < 0.7) rmSync(join(root, store), { recursive: true, force: true });
        const { child, ended } = make(name, store);
        await Promise.race([ended, pause(next() * (durations.get(name) ?? 0))]);
        child.kill('SIGKILL');
        await ended;
        await nothingRuns();
        expect(await make(name, store).ended).toBe(wanted.get(name));
        expect(leftovers(name, store)).toEqual([]);
      }
    },
    HOURS,
  );
});
