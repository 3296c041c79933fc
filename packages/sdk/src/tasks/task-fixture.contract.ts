import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytes, encodeText, type Progress } from '@nx-nixpack/base';
import type { ToolchainName } from '@nx-nixpack/deployment';
import type { Engine } from '@nx-nixpack/engine';
import {
  anonymous,
  Image,
  packLayer,
  pushContent as push,
  Store,
  writeLayout,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { loopbackTransport, startRegistry, type TestRegistry } from '@nx-nixpack/testing';
import { imageRecord, type PlatformImage } from '../records/image.js';
import { onlyPlatform } from '../records/platforms.js';
import { writeSeal } from '../results/seal.js';
import { isolatedNetwork } from '../system/host-network.js';
import { execaRunner } from '../system/execa-runner.js';
import { findComponent, readWorkspace, type Described } from '../workspace/index.js';
import { copyingEngine } from './build/copying-engine.contract.js';
import { buildImage, type BuildImageRequest, type BuiltComponent } from './build/task.js';
import { planImage, writePlan, type PlannedImage } from './plan/task.js';
import { pushImage, type PushedImage, type PushImageRequest } from './push/task.js';
import { writeSbom, type WriteSbomRequest, type WrittenSbom } from './sbom/task.js';

const component = (name: string, base: string, extra = '') => `
      ${name}:
        vars:
          source: ./${name}
          image: { registry: HOST, name: shop/${name}, tag: v1 }
        settings:
          nixpack: { toolchain: base, build_image: "${base}"${extra} }`;

const COMMON = { mode: 0o755, uid: 0, gid: 0, size: 0 } as const;

/** Empty programs: lowering asks of a base no more than that there is a bash. */
async function tinyBase(storeDirectory: string, ...programs: readonly string[]): Promise<Image> {
  const entries = [
    { ...COMMON, path: bytes`bin`, type: 'directory' } as const,
    ...programs.map(
      (name) => ({ ...COMMON, path: encodeText(`bin/${name}`), type: 'file' }) as const,
    ),
  ];
  const layer = await packLayer(entries, Store.open(storeDirectory), { mtime: 0 });
  return Image.scratch('linux/amd64').append(layer);
}

/**
 * A workspace with four images, and a registry to push them to, which serves bases too: `derived` is made on the image of
 * `web`, `split` is built on one base of the registry and runs on another.
 */
export class TaskFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'tasks-'));
  readonly #registry: TestRegistry;
  readonly #copies: TaskFixture[] = [];
  readonly #bases: Image[] = [];
  readonly #access: RegistryAccess = { transport: loopbackTransport(), credentials: anonymous };
  /** Passed to every task. */
  environment: Readonly<Record<string, string>> = {};
  requireSigned = false;
  engines: readonly Engine[] = [copyingEngine()];
  /** What the tasks warned of so far. */
  readonly warnings: string[] = [];
  readonly #progress: Progress = {
    step: () => undefined,
    output: () => undefined,
    warn: (text) => void this.warnings.push(text),
  };

  private constructor(registry: TestRegistry) {
    this.#registry = registry;
  }

  static async create(): Promise<TaskFixture> {
    const fixture = new TaskFixture(await startRegistry());
    for (const name of ['web', 'docs', 'derived', 'split']) {
      fixture.write(`${name}/Staticfile`, 'root: .\n');
      fixture.write(`${name}/index.html`, `<h1>${name}</h1>\n`);
    }
    const bases = [
      await tinyBase(fixture.#store, 'bash', 'nginx'),
      await tinyBase(fixture.#store, 'bash', 'nginx', 'run'),
    ];
    const repository = { registry: fixture.#registry.host, repository: 'bases' };
    for (const base of bases) {
      await writeLayout(base, fixture.path('.bases', base.digest.slice(7)));
      await push(base, repository, { ...fixture.#access, tags: [] });
    }
    fixture.#bases.push(...bases);
    fixture.describe();
    return fixture;
  }

  /** The workspace as it is now, beside this one and with the same registry; removed together with it. */
  copy(): TaskFixture {
    const copy = new TaskFixture(this.#registry);
    cpSync(this.root, copy.root, { recursive: true });
    copy.#bases.push(...this.#bases);
    this.#copies.push(copy);
    return copy;
  }

  /** Writes the deployment file; `settings` are added to those of every component. */
  describe(settings = ''): void {
    const [build, run] = this.#bases.map(({ digest }) => `HOST/bases@${digest}`);
    const layout = `oci:.bases/${this.#bases[0]?.digest.slice(7) ?? ''}`;
    const components = [
      component('web', layout, settings),
      component('docs', layout, settings),
      component('derived', '{{ nixpack.web.ref }}', settings),
      component('split', build ?? '', `, run_image: "${run ?? ''}"${settings}`),
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

  /** As on a machine that has never built anything. */
  loseStore(): void {
    rmSync(this.#store, { recursive: true, force: true });
  }

  get #store(): string {
    return this.path('store');
  }

  /** What every task is asked with. */
  request(name: string) {
    return {
      workspaceRoot: this.root,
      deployment: 'shop',
      component: `nixpack/${name}`,
      storeDirectory: this.#store,
      access: this.#access,
      environment: this.environment,
      requireSigned: this.requireSigned,
      progress: this.#progress,
    };
  }

  /** What the deployment file says of a component, and the option of the plugin where it says nothing. */
  described(name: string, toolchain?: ToolchainName): Described {
    const workspace = readWorkspace(this.root, toolchain && { toolchain });
    return findComponent(workspace, 'shop', `nixpack/${name}`);
  }

  async plan(name: string, found = this.described(name)): Promise<PlannedImage> {
    const request = { workspaceRoot: this.root, ...found, access: this.#access };
    const planned = await planImage({ ...request, progress: this.#progress });
    writePlan(this.root, planned);
    return planned;
  }

  build(name: string, options: Partial<BuildImageRequest> = {}): Promise<BuiltComponent> {
    const { engines } = this;
    const { signal } = new AbortController();
    return buildImage({
      ...this.request(name),
      host: isolatedNetwork,
      engines,
      signal,
      ...options,
    });
  }

  sbom(name: string, options: Partial<WriteSbomRequest> = {}): Promise<WrittenSbom> {
    return writeSbom({ ...this.request(name), ...options });
  }

  push(name: string, options: Partial<PushImageRequest> = {}): Promise<PushedImage> {
    return pushImage({ ...this.request(name), runner: execaRunner, ...options });
  }

  /** What whoever may write to the cache, but has no key, can make of a record of an image. */
  forgeImage(name: string, change: Partial<PlatformImage>): void {
    const path = this.outputs(name, 'image/image.json');
    const { record } = imageRecord.read(path);
    const [platform, image] = onlyPlatform(record.platforms);
    const platforms = { [platform]: { ...image, ...change } };
    const bytes = imageRecord.write(path, { ...record, platforms });
    writeSeal(dirname(path), 'image', bytes, {});
  }

  /** Plans, builds and catalogs one component. */
  async make(name: string): Promise<BuiltComponent> {
    await this.plan(name);
    const built = await this.build(name);
    await this.sbom(name);
    return built;
  }

  async remove(): Promise<void> {
    await this.#registry.close();
    for (const { root } of [this, ...this.#copies]) rmSync(root, { recursive: true, force: true });
  }
}
