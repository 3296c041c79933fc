import { UserError } from '@nx-nixpack/base';
import {
  layerFromStore,
  layerParts,
  Store,
  type Image,
  type Layer,
  type LayerParts,
} from '@nx-nixpack/oci';
import type { EngineHost } from '../engine-host.js';
import type { BuildOutcome, BuildRequest, Engine, StartOptions } from '../engine.js';
import { recipeImage } from '../../pack/recipe-image.js';
import type { BaseName } from '../../recipe/recipe.js';
import { buildStopped } from '../build-stopped.js';
import { explainFailure } from './failure.js';
import { decodeMessage, type Message } from './worker/messages.js';
import { inNamespaces } from './namespaces.js';
import { probeEmbedded } from './probe.js';
import { HOST_ENV } from './programs.js';
import { encodeRequest, type WorkerRequest } from './worker/request.js';
import { engineFolders, Session, sweepSessions } from './snapshots/session.js';
import { Snapshots, type Scrutiny } from './snapshots/snapshots.js';
import { sourceSnapshot } from './snapshots/source-snapshot.js';
import { baseKey } from './steps/step-key.js';

const NAME = 'embedded';

/** How often a build begins anew after it found, and threw away, something damaged in the store. */
const ATTEMPTS = 3;

/** Where one thing is damaged others may be: the second attempt looks at everything it meets, and mends it at once. */
const scrutinyOf = ({ verify = false }: BuildRequest, attempt: number): Scrutiny =>
  verify ? 'contents' : attempt === 1 ? 'used' : 'found';

const ENDED: ReadonlySet<string> = new Set([
  ...['done', 'started'],
  ...['failed', 'damaged', 'bug'],
]);

/** Runs a recipe's steps in namespaces of this machine, without any daemon. Must be used on the main thread. */
export function embeddedEngine(host: EngineHost): Engine {
  return {
    name: NAME,
    probe: () => probeEmbedded(host),
    build: async (request) => {
      const message = await worked(host, request);
      return outcome(request, Store.open(request.storeDirectory), message);
    },
    start: async (request) => {
      // Its steps are in the store, and were told when they ran.
      const progress = { ...request.progress, step: () => undefined, output: () => undefined };
      const message = await worked(host, { ...request, progress, verify: false }, request.start);
      if (message.kind !== 'started') throw failure(message);
      return message.outcome;
    },
  };
}

/** What the worker says last, when it is no failure. */
async function worked(
  host: EngineHost,
  request: BuildRequest,
  start?: StartOptions,
): Promise<Message> {
  checkPlatform(request);
  const store = Store.open(request.storeDirectory);
  const folders = engineFolders(store);
  sweepSessions(folders);
  const warn = (text: string): void => request.progress.warn(`${text}; it is made again`);
  for (let attempt = 1; ; attempt++) {
    const session = new Session(folders);
    const scrutiny = scrutinyOf(request, attempt);
    try {
      const { snapshots: directory, trash } = folders;
      const snapshots = new Snapshots({ directory, trash, scrutiny, onDamaged: warn });
      const source = sourceSnapshot(
        request.source,
        snapshots,
        session.directory,
        request.recipe.created,
      );
      const bases = await basesInStore(request, store, snapshots);
      const inputs = { bases, source, scrutiny, ...(start && { start }) };
      const message = await work(host, session, request, inputs);
      if (message.kind === 'done' || message.kind === 'started') return message;
      if (message.kind !== 'damaged' || attempt === ATTEMPTS) throw failure(message);
      warn(message.text);
    } catch (error) {
      throw explainFailure(error);
    } finally {
      session.close();
    }
  }
}

async function work(
  { runner, worker }: EngineHost,
  session: Session,
  { storeDirectory, recipe, secrets, archives = new Map(), host, progress, signal }: BuildRequest,
  inputs: Pick<WorkerRequest, 'bases' | 'source' | 'scrutiny' | 'start'>,
): Promise<Message> {
  throwIfAborted(signal);
  const sessionDirectory = session.directory;
  const request = {
    ...{ storeDirectory, sessionDirectory, recipe, secrets, archives, host },
    ...inputs,
  };
  let last: Message | undefined;
  // The worker sees that its session is gone sooner than a signal reaches it.
  const stop = (): void => session.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await runner.run({
      ...inNamespaces(worker(NAME)),
      env: HOST_ENV,
      input: encodeRequest(request),
      signal,
      maxOutputBytes: 64 * 1024,
      onLine: (line, stream) => {
        const message = stream === 'stdout' ? decodeMessage(line) : undefined;
        if (message?.kind === 'step') progress.step(message.text);
        else if (message?.kind === 'output') progress.output(message.text);
        else if (message?.kind === 'warn') progress.warn(message.text);
        else if (message && ENDED.has(message.kind)) last = message;
      },
    });
    throwIfAborted(signal);
    return last ?? { kind: 'bug', text: diedText(result) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The layers of a base that is not unpacked yet must be in the store: the worker has no way to fetch them. */
async function basesInStore(
  { bases, signal }: BuildRequest,
  store: Store,
  snapshots: Snapshots,
): Promise<Partial<Record<BaseName, readonly LayerParts[]>>> {
  const result: Partial<Record<BaseName, readonly LayerParts[]>> = {};
  for (const name of ['build', 'run'] as const) {
    const image = bases[name];
    if (image === undefined) continue;
    result[name] = image.layers.map(layerParts);
    if (snapshots.find(baseKey(image))) continue;
    for (const layer of await missingLayers(image, store)) {
      throwIfAborted(signal);
      await store.writeBlob(layer.open(), layer);
    }
  }
  return result;
}

/** All of them are looked at before one is fetched, so that one attempt is enough whatever is damaged. */
async function missingLayers({ layers }: Image, store: Store): Promise<Layer[]> {
  const missing: Layer[] = [];
  for (const layer of layers) if (!(await store.check(layer.digest))) missing.push(layer);
  return missing;
}

function outcome({ recipe, bases }: BuildRequest, store: Store, message: Message): BuildOutcome {
  if (message.kind !== 'done') throw failure(message);
  const { layers, steps } = message;
  const own = layers.map((parts) => layerFromStore(store, parts));
  return { image: recipeImage(recipe, bases, own), steps };
}

function failure(message: Message): Error {
  if (message.kind === 'failed') return new UserError(message.problem);
  const text = 'text' in message ? message.text : message.kind;
  return new Error(`the embedded engine's worker failed: ${text}`);
}

const diedText = (result: {
  exitCode: number | undefined;
  signal: string | undefined;
  stderr: Buffer;
}) =>
  `it ended with ${result.exitCode ?? result.signal} ${result.stderr.toString('utf8').slice(-4000)}`;

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw buildStopped();
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'linux/amd64',
  arm64: 'linux/arm64',
};

function checkPlatform({ platform, bases }: BuildRequest): void {
  const here = ARCHITECTURES[process.arch];
  if (platform !== here)
    throw new UserError({
      code: 'UNSUPPORTED',
      message: `The embedded engine builds for ${here ?? process.arch} on this machine, not for ${platform}`,
      hint: `Set platforms: [${here}], or run the build on a machine of that kind.`,
    });
  const other = Object.values(bases).find((image) => image.platform !== platform);
  if (other === undefined) return;
  throw new UserError({
    code: 'BASE_INVALID',
    message: `The base image is for ${other.platform}, the build for ${platform}`,
    hint: 'Name a base image for the platform of the build.',
  });
}
