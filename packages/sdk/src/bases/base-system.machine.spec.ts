import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES } from '@nx-nixpack/engine';
import { anonymous } from '@nx-nixpack/oci';
import { loopbackTransport } from '@nx-nixpack/testing';
import { sourceWorker } from '../../../engine/src/engines/embedded/build-once.contract.js';
import { archiveFetcher } from '../provision/archive-fetcher.js';
import { onlyPlatform } from '../records/platforms.js';
import { channelAccess } from '../system/channels/channel-access.js';
import { execaRunner } from '../system/execa-runner.js';
import { isolatedNetwork } from '../system/host-network.js';
import { buildImage } from '../tasks/build/task.js';
import { planImage, writePlan } from '../tasks/plan/task.js';
import { findComponent, readWorkspace } from '../workspace/index.js';

const BASES = join(__dirname, '../../../../dist/base-images');
const root = mkdtempSync(join(tmpdir(), 'base-system-'));
const storeDirectory = join(root, 'store');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const component = (name: string, base: string, pkgs: string, start: string) => `
      ${name}:
        vars: { source: ./${name}, pkgs: [${pkgs}], start_cmd: "${start}" }
        settings: { nixpack: { publish: false, toolchain: debian, smoke: require, build_image: "${base}" } }`;

beforeAll(() => {
  for (const name of ['first', 'second']) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'notes.txt'), 'x');
  }
  cpSync(join(BASES, 'go-run'), join(root, 'base'), { recursive: true });
  mkdirSync(join(root, 'deployments'));
  const components = [
    component('first', 'oci:base', 'jq', 'jq --version'),
    component('second', '{{ nixpack.first.ref }}', 'jq, tree', 'jq --version && tree --version'),
  ].join('');
  const text = `deployment:\n  name: on\n  components:\n    nixpack:${components}\n`;
  writeFileSync(join(root, 'deployments/on.yaml'), text);
});

async function make(name: string) {
  const access = { transport: loopbackTransport(), credentials: anonymous };
  const warnings: string[] = [];
  const steps: string[] = [];
  const progress = {
    step: (text: string) => void steps.push(text),
    output: () => undefined,
    warn: (text: string) => void warnings.push(text),
  };
  const common = { workspaceRoot: root, storeDirectory, access, progress };
  const found = findComponent(readWorkspace(root), 'on', `nixpack/${name}`);
  const channels = () => channelAccess({ storeDirectory });
  const planned = await planImage({ ...common, ...found, channels });
  writePlan(root, planned);
  const { signal } = new AbortController();
  await buildImage({
    ...common,
    ...{ deployment: 'on', component: `nixpack/${name}`, environment: {}, signal },
    host: isolatedNetwork,
    fetchArchives: archiveFetcher({ storeDirectory, progress, signal }),
    engines: ENGINES.map((make) => make({ runner: execaRunner, worker: () => sourceWorker() })),
  });
  const { provision } = onlyPlatform(planned.plan.platforms)[1];
  return { provision, warnings, steps };
}

it('brings packages to a base of another release than it would choose, and to an image of its own', async () => {
  const first = await make('first');
  const names = first.provision?.run.map((one) => one.name) ?? [];
  expect(first.provision).toMatchObject({ release: 'bookworm' });
  expect(first.provision).not.toHaveProperty('base');
  expect(names).toContain('jq');
  // The base has it.
  expect(names).not.toContain('libc6');
  const second = await make('second');
  expect(second.provision?.release).toBe('bookworm');
  expect(second.provision?.run.map((one) => one.name)).toEqual(['tree']);
  expect([...first.warnings, ...second.warnings]).toEqual([]);
});
