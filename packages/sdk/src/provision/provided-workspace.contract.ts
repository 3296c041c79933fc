import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Progress } from '@nx-nixpack/base';
import type { ChannelAccess } from '@nx-nixpack/channels';
import { ENGINES, type Engine } from '@nx-nixpack/engine';
import { anonymous, Store, type Digest } from '@nx-nixpack/oci';
import { loopbackTransport } from '@nx-nixpack/testing';
import { sourceWorker } from '../../../engine/src/engines/embedded/build-once.contract.js';
import { chooseComponents, LOCK_FILE, lockComponents } from '../lock/index.js';
import { onlyPlatform } from '../records/platforms.js';
import { channelAccess } from '../system/channels/channel-access.js';
import { execaRunner } from '../system/execa-runner.js';
import { isolatedNetwork } from '../system/host-network.js';
import { buildImage } from '../tasks/build/task.js';
import { planImage, writePlan } from '../tasks/plan/task.js';
import { findComponent, readWorkspace } from '../workspace/index.js';
import { fetchArchives } from './fetch-provision.js';

export const DEPLOYMENT = 'team';

/** Engines from the sources, as a build has them. */
export const sourceEngines = (): Engine[] =>
  ENGINES.map((make) => make({ runner: execaRunner, worker: () => sourceWorker() }));

/** A workspace of one deployment that is built with `toolchain: debian`, each time as on a machine of its own if wanted. */
export class ProvidedWorkspace {
  readonly #root = mkdtempSync(join(tmpdir(), 'provided-'));
  readonly #registries = { transport: loopbackTransport(), credentials: anonymous };
  /** What was said since it was last emptied. */
  readonly said: string[] = [];
  readonly #progress: Progress = {
    step: (text) => void this.said.push(text),
    output: (text) => void this.said.push(text),
    warn: (text) => void this.said.push(text),
  };

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** Components by name: what stands in their `vars`, and more than that they are not pushed in `settings.nixpack`. */
  describe(components: Readonly<Record<string, { vars: string; settings?: string }>>): void {
    const lines = Object.entries(components).map(
      ([name, { vars, settings = 'toolchain: debian' }]) =>
        `      ${name}: { vars: { ${vars} }, settings: { nixpack: { publish: false, smoke: off, ${settings} } } }\n`,
    );
    this.write(
      `deployments/${DEPLOYMENT}.yaml`,
      `deployment:\n  name: ${DEPLOYMENT}\n  components:\n    nixpack:\n${lines.join('')}`,
    );
  }

  path(...parts: readonly string[]): string {
    return join(this.#root, ...parts);
  }

  /** What all tasks of a machine are asked with. `store`: a name, one for each machine. */
  #common(store: string) {
    return {
      workspaceRoot: this.#root,
      storeDirectory: this.path('stores', store),
      access: this.#registries,
      progress: this.#progress,
    };
  }

  channels(store: string, environment = process.env): ChannelAccess {
    return channelAccess({ storeDirectory: this.path('stores', store), environment });
  }

  async lock(store: string): Promise<void> {
    const { text } = await lockComponents({
      ...this.#common(store),
      ...chooseComponents(readWorkspace(this.#root)),
      update: false,
      channels: () => this.channels(store),
    });
    this.write(LOCK_FILE, text);
  }

  /** Plans and builds a component. Returns the digest of its image. */
  async build(name: string, store: string, environment = process.env): Promise<Digest> {
    const common = this.#common(store);
    const component = `nixpack/${name}` as const;
    const found = findComponent(readWorkspace(this.#root), DEPLOYMENT, component);
    const channels = () => this.channels(store, environment);
    writePlan(this.#root, await planImage({ ...common, ...found, channels }));
    const { record } = await buildImage({
      ...{ ...common, deployment: DEPLOYMENT, component, environment: {} },
      ...{ host: isolatedNetwork, engines: sourceEngines() },
      signal: new AbortController().signal,
      fetchArchives: (archives) =>
        fetchArchives(archives, {
          store: Store.open(common.storeDirectory),
          access: channels(),
          progress: this.#progress,
        }),
    });
    return onlyPlatform(record.platforms)[1].digest;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
