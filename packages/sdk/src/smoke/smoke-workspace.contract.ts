import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Progress } from '@nx-nixpack/base';
import { ENGINES, type HostNetwork } from '@nx-nixpack/engine';
import { anonymous } from '@nx-nixpack/oci';
import { loopbackTransport } from '@nx-nixpack/testing';
import { sourceWorker } from '../../../engine/src/engines/embedded/build-once.contract.js';
import { execaRunner } from '../system/execa-runner.js';
import { isolatedNetwork } from '../system/host-network.js';
import { buildImage } from '../tasks/build/task.js';
import { planImage, writePlan } from '../tasks/plan/task.js';
import { findComponent, readWorkspace } from '../workspace/index.js';

const BASES = join(__dirname, '../../../../dist/base-images');

export interface Program {
  /** Names of base images of this repository. */
  readonly base: string;
  readonly runBase?: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Paths that get the execute bit. */
  readonly executable?: readonly string[];
  /** Lines of `vars`, and of `settings.nixpack`, as flow entries: `start_cmd: "x"`. */
  readonly vars?: string;
  readonly settings?: string;
}

interface Said {
  readonly warnings: readonly string[];
  readonly steps: readonly string[];
  /** One line for each command of an install: that it ran, or that the store had it. */
  readonly installs: readonly string[];
}

/** Builds small programs for real, on the bases of this repository and without any network, and tells what the smoke test said. */
export class SmokeWorkspace {
  readonly #root = mkdtempSync(join(tmpdir(), 'smoke-'));
  readonly #bases = new Set<string>();
  readonly #access = { transport: loopbackTransport(), credentials: anonymous };

  /** What was warned of, the steps of the smoke test, and how installs ended; throws what the build throws. */
  async build(name: string, program: Program, host: HostNetwork = isolatedNetwork): Promise<Said> {
    this.#write(name, program);
    const said = { warnings: [] as string[], steps: [] as string[] };
    const progress: Progress = {
      step: (text) => void said.steps.push(text),
      output: () => undefined,
      warn: (text) => void said.warnings.push(text),
    };
    const found = findComponent(readWorkspace(this.#root), name, `nixpack/${name}`);
    const common = { workspaceRoot: this.#root, access: this.#access, progress };
    writePlan(this.#root, await planImage({ ...common, ...found }));
    await buildImage({
      ...common,
      deployment: name,
      component: `nixpack/${name}`,
      storeDirectory: join(this.#root, 'store'),
      environment: {},
      host,
      engines: ENGINES.map((make) => make({ runner: execaRunner, worker: () => sourceWorker() })),
      signal: new AbortController().signal,
    });
    const steps = said.steps.filter((step) => /^(?:smoke|guess) /.test(step));
    const installs = said.steps.filter((step) => /^install .*(?:done in|store)/.test(step));
    return { warnings: said.warnings, steps, installs };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #write(name: string, { base, runBase, files, executable = [], ...more }: Program): void {
    for (const [path, content] of Object.entries(files)) {
      const place = join(this.#root, name, path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
      if (executable.includes(path)) chmodSync(place, 0o755);
    }
    for (const used of [base, ...(runBase === undefined ? [] : [runBase])]) this.#bring(used);
    const run = runBase === undefined ? '' : `, run_image: "oci:.bases/${runBase}"`;
    const { vars = '', settings = '' } = more;
    const text = `deployment:
  name: ${name}
  components:
    nixpack:
      ${name}:
        vars: { source: ./${name}${vars === '' ? '' : `, ${vars}`} }
        settings:
          nixpack: { publish: false, toolchain: base, build_image: "oci:.bases/${base}"${run}${settings === '' ? '' : `, ${settings}`} }
`;
    mkdirSync(join(this.#root, 'deployments'), { recursive: true });
    writeFileSync(join(this.#root, `deployments/${name}.yaml`), text);
  }

  #bring(base: string): void {
    if (this.#bases.has(base)) return;
    cpSync(join(BASES, base), join(this.#root, '.bases', base), { recursive: true });
    this.#bases.add(base);
  }
}
