import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText, memoryTree, readFileBytes, silent } from '@nx-nixpack/base';
import {
  ENGINES,
  findToolchain,
  lower,
  type LowerSettings,
  type Provision,
} from '@nx-nixpack/engine';
import { openImageTree, Store, type Image } from '@nx-nixpack/oci';
import { generatePlan, type BuildPlan, type RuntimeWish } from '@nx-nixpack/plan';
import { sourceWorker } from '../../../engine/src/engines/embedded/build-once.contract.js';
import { memoryTree as sourceOf } from '../../../plan/src/source/memory-tree.contract.js';
import { composedBase } from '../bases/compose-base.js';
import { channelAccess } from '../system/channels/channel-access.js';
import { execaRunner } from '../system/execa-runner.js';
import { hostNetwork } from '../system/host-network.js';
import { archiveFetcher } from './archive-fetcher.js';
import { archivesOf, resolveProvision } from './index.js';

const platform = 'linux/amd64';

/** One project: files that ask for versions, and which runtimes have to be as asked. */
export interface Asking {
  readonly files: Readonly<Record<string, string>>;
  /** By the name of a runtime: a command of a shell, and what it prints on its first line. */
  readonly answers: Readonly<Record<string, readonly [command: string, answer: RegExp]>>;
}

const SETTINGS: LowerSettings = {
  toolchain: 'debian',
  user: '0:0',
  env: {},
  buildEnv: {},
  secrets: [],
  network: { setup: false, build: false },
  devDependencies: { drop: false, reason: '' },
  ports: [],
  labels: {},
  sourceDirectory: '',
  created: 0,
  cacheScope: 'asked-programs',
};

/** What the files of a project ask for, as planning reads them. */
export function wishesOf({ files, answers }: Asking): readonly RuntimeWish[] {
  const { plan, hints } = generatePlan(sourceOf(files), { toolchain: 'debian' });
  const request = findToolchain('debian').request?.({ plan, hints, settings: SETTINGS });
  return (request?.runtimes ?? []).filter(({ name }) => Object.hasOwn(answers, name));
}

/** Builds images that hold the runtimes of many projects at once, and asks the programs in them for their versions. */
export class AskedPrograms {
  readonly #store = mkdtempSync(join(tmpdir(), 'asked-programs-'));
  readonly #ports = {
    storeDirectory: this.#store,
    host: hostNetwork(),
    progress: silent,
    signal: new AbortController().signal,
    platform,
  } as const;
  readonly #engine = ENGINES.map((make) =>
    make({ runner: execaRunner, storeDirectory: this.#store, worker: () => sourceWorker() }),
  )[0];
  readonly #fetch = archiveFetcher(this.#ports);

  remove(): void {
    rmSync(this.#store, { recursive: true, force: true });
  }

  /** The first line that each command prints in an image with the runtimes, by the name of the runtime. */
  async answers(projects: readonly Asking[]): Promise<Answers> {
    const provision = await resolveProvision(
      {
        base: true,
        runtimes: projects.flatMap(wishesOf).map(({ parts: _, ...wish }) => wish),
        packages: { run: [], build: [] },
      },
      {
        platform,
        access: channelAccess({ storeDirectory: this.#store }),
        progress: silent,
      },
    );
    const image = await this.#build(askingPlan(projects), provision);
    const tree = await openImageTree(image.layers, Store.open(this.#store).area('scratch'));
    try {
      const read = (name: string) =>
        readFileBytes(tree, encodeText(`app/answers/${name}`)).toString();
      const names = projects.flatMap(({ answers }) => Object.keys(answers));
      const lines = names.map((name) => [name, read(name).split('\n')[0] ?? '']);
      return { release: provision.release, lines: Object.fromEntries(lines) };
    } finally {
      tree.close();
    }
  }

  async #build(plan: BuildPlan, provision: Provision): Promise<Image> {
    const engine = this.#engine;
    if (engine === undefined) throw new Error('There is no engine');
    const ports = { ...this.#ports, engine, fetchArchives: this.#fetch };
    const base = await composedBase(provision.base ?? [], ports);
    // What Debian's packages are set up with knows root by its name.
    const accounts = { passwd: 'root:x:0:0:root:/root:/bin/bash\n', group: 'root:x:0:\n' };
    const facts = { config: base.config, hasBash: true, ...accounts };
    const bases = { build: { ...facts, digest: base.digest } };
    const { image } = await engine.build({
      ...this.#ports,
      recipe: lower(plan, {}, SETTINGS, bases, { provision }),
      source: memoryTree({}),
      bases: { build: base },
      archives: await this.#fetch(archivesOf(provision)),
      secrets: new Map(),
    });
    return image;
  }
}

export interface Answers {
  readonly release: string;
  readonly lines: Readonly<Record<string, string>>;
}

/** What the programs of projects should answer. */
export const expectedOf = (projects: readonly Asking[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    projects.flatMap(({ answers }) =>
      Object.entries(answers).map(([name, [, answer]]) => [name, expect.stringMatching(answer)]),
    ),
  );

/** A program that fails says so in its answer, so that all are heard. */
function askingPlan(projects: readonly Asking[]): BuildPlan {
  const asked = projects.flatMap(({ answers }) => Object.entries(answers));
  const cmds = asked.map(
    ([name, [command]]) => `(${command}) > answers/${name} 2>&1 || echo failed >> answers/${name}`,
  );
  return {
    phases: { setup: {}, build: { dependsOn: ['setup'], cmds: ['mkdir answers', ...cmds] } },
    start: { cmd: 'true' },
  };
}
