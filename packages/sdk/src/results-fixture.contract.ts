import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { walk } from '@nx-nixpack/base';
import type { BuildRequest, Engine } from '@nx-nixpack/engine';
import {
  anonymous,
  Image,
  packLayer,
  Store,
  writeLayout,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { loopbackTransport, startRegistry, type TestRegistry } from '@nx-nixpack/testing';
import { buildImage, type BuiltComponent } from './build-image.js';
import { planImage, writePlan } from './plan-image.js';
import { pushImage, type PushedImage } from './push-image.js';
import type { SbomRecord } from './records.js';
import { execaRunner } from './system/execa-runner.js';
import { findComponent, readWorkspace } from './workspace.js';
import { writeSbom } from './write-sbom.js';

/** Puts the source on the build image as one layer and runs nothing. For `jest.mock` of engines.ts. */
export const copyingEngine: Engine = {
  name: 'embedded',
  probe: () => Promise.resolve({ ready: true }),
  build: async ({ bases, source, storeDirectory }: BuildRequest) => {
    const entries = [...walk(source)].map((entry) => ({
      ...entry,
      open: () => source.open(entry.path),
    }));
    const options = { name: 'application', mtime: 0 };
    const layer = await packLayer(entries, Store.open(storeDirectory), options);
    const base = bases.build ?? Image.scratch('linux/amd64');
    return { image: base.append(layer), steps: [] };
  },
};

const component = (name: string, base: string, extra = '') => `
      ${name}:
        vars:
          source: ./${name}
          image: { registry: HOST, name: shop/${name}, tag: v1 }
        settings:
          nixpack: { toolchain: base, build_image: "${base}"${extra} }`;

/** Lowering asks of a base no more than that there is a bash. */
async function tinyBase(storeDirectory: string): Promise<Image> {
  const directory = {
    path: 'bin',
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
  } as const;
  const bash = { ...directory, path: 'bin/bash', type: 'file' } as const;
  const layer = await packLayer([directory, bash], Store.open(storeDirectory), { mtime: 0 });
  return Image.scratch('linux/amd64').append(layer);
}

/** A workspace with three images, `derived` made on that of `web`, and a registry to push them to. */
export class ResultsFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'results-'));
  readonly #registry: TestRegistry;
  readonly #access: RegistryAccess = { transport: loopbackTransport(), credentials: anonymous };
  environment: Readonly<Record<string, string>> = {};

  private constructor(registry: TestRegistry) {
    this.#registry = registry;
  }

  static async create(): Promise<ResultsFixture> {
    const fixture = new ResultsFixture(await startRegistry());
    for (const name of ['web', 'docs', 'derived']) {
      fixture.write(`${name}/Staticfile`, 'root: .\n');
      fixture.write(`${name}/index.html`, `<h1>${name}</h1>\n`);
    }
    fixture.describe();
    await writeLayout(await tinyBase(fixture.#store), fixture.path('.bases/tiny'));
    return fixture;
  }

  /** Writes the deployment file; `settings` are added to those of every component. */
  describe(settings = ''): void {
    const components = [
      component('web', 'oci:.bases/tiny', settings),
      component('docs', 'oci:.bases/tiny', settings),
      component('derived', '{{ nixpack.web.ref }}', settings),
    ].join('');
    const text = `deployment:\n  name: shop\n  components:\n    nixpack:${components}\n`;
    this.write('deployments/shop.yaml', text.replaceAll('HOST', this.#registry.host));
  }

  get registry(): TestRegistry {
    return this.#registry;
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  outputs(name: string, ...parts: readonly string[]): string {
    return this.path('dist/nixpack/shop/nixpack', name, ...parts);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  get #store(): string {
    return this.path('store');
  }

  #request(name: string) {
    return {
      workspaceRoot: this.root,
      deployment: 'shop',
      component: name,
      storeDirectory: this.#store,
      access: this.#access,
      environment: this.environment,
    };
  }

  async plan(name: string): Promise<void> {
    const found = findComponent(readWorkspace(this.root), 'shop', name);
    const request = { workspaceRoot: this.root, ...found, access: this.#access };
    writePlan(this.root, await planImage(request));
  }

  build(name: string, signal = new AbortController().signal): Promise<BuiltComponent> {
    const host = { resolvConf: '', hosts: '', env: {}, aptSources: [] };
    return buildImage({ ...this.#request(name), host, signal });
  }

  sbom(name: string): Promise<SbomRecord> {
    return writeSbom(this.#request(name));
  }

  push(name: string): Promise<PushedImage> {
    return pushImage({ ...this.#request(name), runner: execaRunner });
  }

  /** Plans, builds and catalogues one component. */
  async make(name: string): Promise<BuiltComponent> {
    await this.plan(name);
    const built = await this.build(name);
    await this.sbom(name);
    return built;
  }

  async remove(): Promise<void> {
    await this.#registry.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
