import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { redactor, UserError, type Runner } from '@nx-nixpack/base';
import { Store, type Digest } from '@nx-nixpack/oci';
import type { StartOptions } from '../../engine.js';
import { startImage } from '../start/start-image.js';
import type { Stage, StageName, Step } from '../../../recipe/recipe.js';
import { baseRoot, type BaseRootPorts } from '../snapshots/base-root.js';
import { explainFailure } from '../failure.js';
import { outputMessage, type Message, type StepReport } from './messages.js';
import { packStages, type Added } from '../layers/pack-stages.js';
import { runProgram } from '../programs.js';
import type { WorkerRequest } from './request.js';
import { engineFolders } from '../snapshots/session.js';
import { SnapshotDamaged, Snapshots, type Snapshot } from '../snapshots/snapshots.js';
import { StepRunner, type StepPorts } from '../steps/step-runner.js';
import { describeStep } from '../../step-title.js';
import { Views, type Stack } from '../trees/tree-view.js';
import type { NetworkPorts } from '../wall/relay.js';
import { openNetwork, type StepNetwork } from '../wall/step-network.js';

export interface WorkerPorts {
  readonly runner: Runner;
  readonly request: WorkerRequest;
  readonly send: (message: Message) => void;
}

/**
 * The part of the embedded engine that runs inside its own mount and pid namespaces, as their first process: when it
 * ends, everything it started or mounted is gone. Never throws; what happened is its last message.
 */
export async function runWorker({ runner, request, send }: WorkerPorts): Promise<void> {
  try {
    send(await new Build(runner, request, send).run());
  } catch (error) {
    send(failure(explainFailure(error)));
  }
}

function failure(error: unknown): Message {
  // Whatever of the store was found damaged was removed.
  if (error instanceof SnapshotDamaged || isCorrupt(error))
    return { kind: 'damaged', text: error.message };
  if (error instanceof UserError) {
    const { code, message, hint } = error;
    return { kind: 'failed', problem: { code, message, hint } };
  }
  return {
    kind: 'bug',
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

const isCorrupt = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'STORE_CORRUPT';

interface Built {
  readonly base: Snapshot;
  readonly added: readonly Added[];
  /** Key of the last step. */
  readonly key: Digest;
}

class Build {
  readonly #request: WorkerRequest;
  readonly #runner: Runner;
  readonly #send: (message: Message) => void;
  readonly #store: Store;
  readonly #snapshots: Snapshots;
  readonly #stages = new Map<StageName, Built>();
  readonly #reports: StepReport[] = [];

  constructor(runner: Runner, request: WorkerRequest, send: (message: Message) => void) {
    this.#request = request;
    this.#runner = runner;
    this.#send = send;
    this.#store = Store.open(request.storeDirectory);
    const folders = engineFolders(this.#store);
    this.#snapshots = new Snapshots({
      directory: folders.snapshots,
      trash: folders.trash,
      scrutiny: request.scrutiny,
      onDamaged: (text) => this.#warn(text),
    });
  }

  async run(): Promise<Message> {
    const { recipe, sessionDirectory } = this.#request;
    const scratch = join(sessionDirectory, 'private');
    mkdirSync(scratch);
    // In memory, and in this mount namespace alone: secrets are never on disk.
    const options = ['-t', 'tmpfs', '-o', 'mode=700,nosuid,nodev', 'nixpack', scratch];
    await runProgram(this.#runner, 'mount', options);
    const steps = new StepRunner(this.#stepPorts(scratch), (from) => this.#stackOf(from));
    for (const stage of recipe.stages)
      this.#stages.set(stage.name, await this.#stage(stage, steps));
    const last = recipe.stages.at(-1);
    const built = last && this.#stages.get(last.name);
    if (!built) throw new Error('the recipe has no stage');
    const { start } = this.#request;
    if (start) return this.#started(scratch, stackOf(built), start);
    const layers = await packStages(this.#packPorts(scratch), built.base, built.added, recipe);
    return { kind: 'done', layers, steps: this.#reports };
  }

  async #started(scratch: string, stack: Stack, start: StartOptions): Promise<Message> {
    const { recipe, sessionDirectory: session, secrets } = this.#request;
    const views = this.#views();
    const redact = redactor(secrets.values());
    const ports = { runner: this.#runner, views, private: scratch, session, redact };
    return { kind: 'started', outcome: await startImage(ports, stack, recipe, start) };
  }

  #warn(text: string): void {
    this.#send({ kind: 'warn', text: `${text}; it is made again` });
  }

  async #stage(stage: Stage, steps: StepRunner): Promise<Built> {
    const { base, ...start } = await this.#start(stage);
    let { added, key } = start;
    for (const step of stage.steps) {
      const started = performance.now();
      const title = describeStep(step);
      if (step.kind === 'run') this.#send({ kind: 'step', text: title });
      const { snapshot, cached } = await steps.run(stackOf({ base, added }), key, step);
      const seconds = (performance.now() - started) / 1000;
      this.#reports.push({ title, cached, seconds });
      if (step.kind === 'run') this.#send({ kind: 'step', text: ending(step, cached, seconds) });
      added = [...added, { layer: step.layer, snapshot }];
      key = snapshot.key;
    }
    return { base, added, key };
  }

  async #start({ base }: Stage): Promise<Built> {
    if ('stage' in base) {
      const built = this.#stages.get(base.stage);
      if (!built) throw new Error(`stage ${base.stage} is not built yet`);
      return built;
    }
    const layers = this.#request.bases[base.image];
    if (!layers) throw new Error(`the base image "${base.image}" was not given`);
    const root = await baseRoot(this.#basePorts(), layers);
    return { base: root, added: [], key: root.key };
  }

  #stackOf(from: 'source' | StageName): Stack {
    if (from !== 'source') {
      const built = this.#stages.get(from);
      if (!built) throw new Error(`stage ${from} is not built yet`);
      return stackOf(built);
    }
    const source = this.#snapshots.find(this.#request.source);
    if (!source) throw new SnapshotDamaged(this.#request.source);
    return [source];
  }

  #basePorts(): BaseRootPorts {
    const { sessionDirectory: session } = this.#request;
    const { locks } = engineFolders(this.#store);
    return {
      runner: this.#runner,
      store: this.#store,
      snapshots: this.#snapshots,
      session,
      locks,
      onStep: (text) => this.#send({ kind: 'step', text }),
      onWait: () =>
        this.#send({ kind: 'step', text: 'waiting  for another build that does the same' }),
    };
  }

  #packPorts(scratch: string) {
    return {
      ...this.#basePorts(),
      views: this.#views(),
      private: scratch,
      believe: this.#request.scrutiny !== 'contents',
      onDamaged: (text: string) => this.#warn(text),
    };
  }

  #stepPorts(scratch: string): StepPorts {
    const { recipe, secrets, archives, host } = this.#request;
    return {
      ...this.#packPorts(scratch),
      caches: engineFolders(this.#store).caches,
      host,
      network: () => (this.#network ??= openNetwork(this.#networkPorts(scratch))),
      secrets,
      archives,
      created: recipe.created,
      interpreter: recipe.interpreter,
      programs: recipe,
      redact: redactor(secrets.values()),
      onOutput: (line) => this.#send(outputMessage(line)),
    };
  }

  #network?: Promise<StepNetwork>;
  #networkPorts(scratch: string): NetworkPorts {
    const warn = (text: string): void => this.#send({ kind: 'warn', text });
    return { runner: this.#runner, private: scratch, host: this.#request.host, warn };
  }

  #known?: Views;
  #views(): Views {
    const directory = join(this.#request.sessionDirectory, 'views');
    return (this.#known ??= new Views(this.#runner, this.#snapshots, directory));
  }
}

const stackOf = ({ base, added }: Pick<Built, 'base' | 'added'>): Stack => [
  base,
  ...added.map(({ snapshot }) => snapshot),
];

const ending = (step: Extract<Step, { kind: 'run' }>, cached: boolean, seconds: number): string =>
  `${step.phase.padEnd(8)} ${cached ? 'from the store' : `done in ${seconds.toFixed(1)} s`}`;
