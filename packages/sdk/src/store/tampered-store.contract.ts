import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  anonymous,
  digestOf,
  hexOf,
  pushContent,
  Store,
  type Digest,
  type Image,
} from '@nx-nixpack/oci';
import { loopbackTransport, startRegistry, type TestRegistry } from '@nx-nixpack/testing';
import { sourceWorker } from '../../../engine/src/engines/embedded/build-once.contract.js';
import { ENGINES } from '@nx-nixpack/engine';
import { hostBase } from '../../../engine/src/engines/host-base.contract.js';
import { buildImage } from '../tasks/build/task.js';
import { planImage, writePlan } from '../tasks/plan/task.js';
import { isolatedNetwork } from '../system/host-network.js';
import { execaRunner } from '../system/execa-runner.js';
import { findComponent, readWorkspace } from '../workspace/index.js';

export interface Built {
  readonly digest: string;
  readonly warnings: readonly string[];
}

/** One component, its base in a registry, and a store that a spec may damage between two builds. */
export class TamperedStore {
  readonly path: string;
  readonly #root = mkdtempSync(join(tmpdir(), 'tamper-'));
  readonly #registry: TestRegistry;
  readonly base: Image;
  #variant = 0;

  private constructor(registry: TestRegistry, base: Image) {
    this.#registry = registry;
    this.base = base;
    this.path = join(this.#root, 'store');
    mkdirSync(join(this.#root, 'web'), { recursive: true });
    mkdirSync(join(this.#root, 'deployments'));
    writeFileSync(join(this.#root, 'web/main.txt'), 'main content\n');
    writeFileSync(join(this.#root, 'web/more.txt'), 'more content\n');
  }

  static async create(): Promise<TamperedStore> {
    const registry = await startRegistry();
    const bases = mkdtempSync(join(tmpdir(), 'tamper-base-'));
    try {
      const base = await hostBase(execaRunner, Store.open(bases));
      const to = { registry: registry.host, repository: 'base' };
      await pushContent(base, to, { ...ACCESS, tags: ['1'] });
      return new TamperedStore(registry, base);
    } finally {
      rmSync(bases, { recursive: true });
    }
  }

  /** Gives the build phase another command that leaves the same, so that it runs on what is in the store already. */
  vary(): void {
    this.#variant += 1;
  }

  /** Plans and builds. */
  async build(verify = false): Promise<Built> {
    writeFileSync(join(this.#root, 'deployments/shop.yaml'), this.#deployment());
    const warnings: string[] = [];
    const progress = {
      step: () => {},
      output: () => {},
      warn: (text: string) => void warnings.push(text),
    };
    const common = { workspaceRoot: this.#root, access: ACCESS, progress };
    const component = findComponent(readWorkspace(this.#root), 'shop', 'nixpack/web');
    writePlan(this.#root, await planImage({ ...common, ...component }));
    warnings.length = 0;
    const { record } = await buildImage({
      ...common,
      deployment: 'shop',
      component: 'nixpack/web',
      storeDirectory: this.path,
      host: isolatedNetwork,
      environment: {},
      engines,
      verify,
      signal: new AbortController().signal,
    });
    return { digest: record.digest, warnings };
  }

  async close(): Promise<void> {
    await this.#registry.close();
    rmSync(this.#root, { recursive: true });
  }

  /** The directories of the snapshots that hold a path, and not `without`. */
  snapshotsWith(path: string, without = 'no such path'): string[] {
    return this.files('embedded/snapshots').filter(
      (snapshot) =>
        existsSync(join(snapshot, 'tree', path)) && !existsSync(join(snapshot, 'tree', without)),
    );
  }

  /** Everything in an area, by name. */
  files(area: string): string[] {
    return readdirSync(join(this.path, area))
      .sort()
      .map((name) => join(this.path, area, name));
  }

  /** Blobs of the base: its layer, its configuration, its manifest. */
  get baseBlobs(): readonly [string, string, string] {
    const { layers, configBytes, digest } = this.base;
    const path = (of: Digest): string => join(this.path, 'blobs/sha256', hexOf(of));
    return [path(layers[0]?.digest ?? digest), path(digestOf(configBytes)), path(digest)];
  }

  /** Blobs that we packed. */
  get ownBlobs(): string[] {
    return this.files('blobs/sha256').filter((path) => !this.baseBlobs.includes(path));
  }

  #deployment(): string {
    const base = `${this.#registry.host}/base:1`;
    return `deployment:
  name: shop
  components:
    nixpack:
      web:
        vars:
          source: ./web
          install_cmd: echo installed > /opt/installed
          build_cmd: 'cat /opt/installed main.txt > out.txt # ${this.#variant}'
          start_cmd: cat out.txt
          image: { registry: r.example.com, name: web }
        settings:
          nixpack: { toolchain: base, build_image: "${base}", run_image: "${base}" }
`;
  }
}

const ACCESS = { transport: loopbackTransport(), credentials: anonymous };
/** The worker runs from the sources, as the specs do. */
const engines = ENGINES.map((make) => make({ runner: execaRunner, worker: () => sourceWorker() }));
