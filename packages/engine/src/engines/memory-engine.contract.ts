import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ByteString,
  encodeText,
  type FileTree,
  joinPath,
  redactor,
  walk,
} from '@nx-nixpack/base';
import {
  digestOf,
  openImageTree,
  Store,
  type Image,
  type Layer,
  type TarReceiver,
} from '@nx-nixpack/oci';
import { layerGroups } from '../pack/layer-groups.js';
import { packChanges } from '../pack/pack-changes.js';
import { packTree } from '../pack/pack-tree.js';
import { recipeImage } from '../pack/recipe-image.js';
import type { LayerName, Recipe, Stage, Step } from '../recipe/recipe.js';
import { chosenEntries, linkEntries } from '../archives/chosen-entries.js';
import { readArchive } from '../archives/read-archive.js';
import { digestOfArchive } from './archive-blob.js';
import { buildStopped } from './build-stopped.js';
import type { BuildOutcome, BuildRequest, Engine } from './engine.js';
import { commandFailed, Tail } from './command-failed.js';
import { secretVariables } from './secret-variables.js';
import { MemoryRoot, type MemoryNode } from './memory-root.contract.js';
import { describeStep } from './step-title.js';

export type RunStep = Extract<Step, { kind: 'run' }>;

/** What a scripted command may see and do. */
export interface MemoryCommand {
  readonly step: RunStep;
  readonly root: MemoryRoot;
  /** The step's variables, those of its secrets included. */
  readonly env: Readonly<Record<string, string>>;
  /** Contents of what is lent below /run/secrets, by name. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Contents of what is lent below /run/archives, by file name. */
  readonly archives: ReadonlyMap<string, Uint8Array>;
  /** Directories that survive: the content of each cache, by the path where the step sees it. */
  readonly caches: ReadonlyMap<string, Map<string, string>>;
  readonly signal: AbortSignal;
  output(line: string): void;
}

export interface MemoryEngineOptions {
  /** Does the work of a `run` step; the answer is the exit code, nothing for 0. Default: no command does anything. */
  readonly run?: (command: MemoryCommand) => number | undefined | Promise<number | undefined>;
}

interface Built {
  readonly start: MemoryRoot;
  readonly root: MemoryRoot;
  readonly added: readonly { readonly layer: LayerName; readonly after: MemoryRoot }[];
  readonly key: string;
}

/**
 * An engine that starts no process and needs no root, for specs: `copy`, `write` and `directory` steps work on trees in
 * memory, `run` steps are functions, and layers are packed as every engine's are. What it made is kept for as long as it lives.
 */
export function memoryEngine(options: MemoryEngineOptions = {}): Engine {
  const kept = new Map<string, MemoryRoot>();
  const caches = new Map<string, Map<string, string>>();
  return {
    name: 'memory',
    probe: () => Promise.resolve({ ready: true }),
    build: (request) => new Build(options, request, kept, caches).run(),
  };
}

class Build {
  readonly #request: BuildRequest;
  readonly #options: MemoryEngineOptions;
  readonly #kept: Map<string, MemoryRoot>;
  readonly #caches: Map<string, Map<string, string>>;
  readonly #stages = new Map<string, Built>();
  readonly #steps: BuildOutcome['steps'][number][] = [];
  readonly #source: MemoryRoot;

  constructor(
    options: MemoryEngineOptions,
    request: BuildRequest,
    kept: Map<string, MemoryRoot>,
    caches: Map<string, Map<string, string>>,
  ) {
    this.#options = options;
    this.#request = request;
    this.#kept = kept;
    this.#caches = caches;
    this.#source = normalized(request.source);
  }

  async run(): Promise<BuildOutcome> {
    const { recipe, storeDirectory } = this.#request;
    let built: Built | undefined;
    for (const stage of recipe.stages) {
      built = await this.#stage(stage);
      this.#stages.set(stage.name, built);
    }
    if (built === undefined) throw new Error('the recipe has no stage');
    const layers = await pack(built, recipe, Store.open(storeDirectory));
    return { image: recipeImage(recipe, this.#request.bases, layers), steps: this.#steps };
  }

  async #stage(stage: Stage): Promise<Built> {
    let built = await this.#start(stage);
    for (const step of stage.steps) {
      if (this.#request.signal.aborted) throw buildStopped();
      const key = digestOf(
        JSON.stringify([built.key, this.#request.recipe.created, this.#decisive(step)]),
      );
      const name = `${this.#request.storeDirectory} ${key}`;
      const known = this.#kept.get(name);
      const after = known ?? (await this.#carryOut(MemoryRoot.of(built.root), step));
      this.#kept.set(name, after);
      this.#steps.push({ title: describeStep(step), cached: known !== undefined, seconds: 0 });
      built = { ...built, key, root: after, added: [...built.added, { layer: step.layer, after }] };
    }
    return built;
  }

  async #start({ base }: Stage): Promise<Built> {
    if ('stage' in base) return this.#built(base.stage);
    const image = this.#request.bases[base.image];
    if (image === undefined) throw new Error(`the base image "${base.image}" was not given`);
    const start = await rootOf(image);
    return { start, root: start, added: [], key: image.digest };
  }

  #built(name: string): Built {
    const built = this.#stages.get(name);
    if (built === undefined) throw new Error(`stage ${name} is not built yet`);
    return built;
  }

  /** What decides a step; secrets and what the host lends do not. */
  #decisive(step: Step): unknown {
    if (step.kind === 'copy') return ['copy', step.to, digestOfTree(this.#selected(step))];
    if (step.kind === 'write') return ['write', step.path, step.mode, digestOf(step.content)];
    if (step.kind === 'directory') return ['directory', step.path, step.mode];
    if (step.kind === 'unpack')
      return ['unpack', { ...step, archives: step.archives.map(({ integrity }) => integrity) }];
    return [
      'run',
      this.#request.recipe.interpreter,
      step.command,
      step.workdir,
      Object.entries(step.env).sort(),
      step.network,
      step.archives?.map(({ file, integrity }) => [file, integrity]),
    ];
  }

  async #carryOut(root: MemoryRoot, step: Step): Promise<MemoryRoot> {
    if (step.kind === 'write') root.write(encodeText(step.path), step.content, step.mode);
    else if (step.kind === 'directory') root.directory(encodeText(step.path), step.mode);
    else if (step.kind === 'copy') copyInto(root, this.#selected(step), encodeText(step.to));
    else if (step.kind === 'unpack') await this.#unpack(root, step);
    else await this.#command(root, step);
    return root;
  }

  async #unpack(root: MemoryRoot, step: Extract<Step, { kind: 'unpack' }>): Promise<void> {
    const into = entriesInto(root);
    for (const link of linkEntries(step, 0)) into.entry(link, 0);
    for (const use of step.archives) {
      const chosen = chosenEntries(step, 0, into);
      await readArchive(this.#archive(use.id), step.format, chosen, use);
    }
  }

  #archive(id: string): AsyncIterable<Uint8Array> {
    const { storeDirectory, archives = new Map() } = this.#request;
    return Store.open(storeDirectory).openBlob(digestOfArchive(archives, id));
  }

  #selected(step: Extract<Step, { kind: 'copy' }>): MemoryRoot {
    const from = step.from === 'source' ? this.#source : this.#built(step.from).root;
    return selected(from, step.paths.map(encodeText), (step.except ?? []).map(encodeText));
  }

  async #command(root: MemoryRoot, step: RunStep): Promise<void> {
    const { secrets, progress, signal, recipe } = this.#request;
    const redact = redactor(secrets.values());
    const tail = new Tail();
    progress.step(describeStep(step));
    if (!root.has(step.workdir as ByteString)) root.directory(step.workdir as ByteString);
    const exitCode = await this.#options.run?.({
      step,
      root,
      env: { ...step.env, ...secretVariables(step, secrets) },
      secrets: new Map([...secrets].filter(([name]) => step.secrets.includes(name))),
      archives: await this.#lent(step),
      caches: new Map(step.caches.map(({ target, id }) => [target, this.#cache(id)])),
      signal,
      output: (line) => {
        tail.add(redact(line));
        progress.output(redact(line));
      },
    });
    if (signal.aborted) throw buildStopped();
    const failed = exitCode ?? 0;
    if (failed !== 0)
      throw commandFailed(step, { exitCode: failed, signal: undefined }, tail.lines, recipe);
  }

  async #lent({ archives = [] }: RunStep): Promise<Map<string, Uint8Array>> {
    const lent = new Map<string, Uint8Array>();
    for (const { id, file } of archives) {
      const pieces: Uint8Array[] = [];
      for await (const piece of this.#archive(id)) pieces.push(piece);
      lent.set(file, Buffer.concat(pieces));
    }
    return lent;
  }

  #cache(id: string): Map<string, string> {
    const cache = this.#caches.get(id) ?? new Map<string, string>();
    this.#caches.set(id, cache);
    return cache;
  }
}

/** Writes what an archive holds; a file is written again with each piece of it. */
function entriesInto(root: MemoryRoot): TarReceiver {
  let last: { path: ByteString; node: MemoryNode; pieces: Buffer[] } | undefined;
  return {
    entry: ({ path, type, mode, uid, gid, target }) => {
      last = undefined;
      if (type === 'hardlink') return root.link(path, target ?? path);
      const node = { type, mode, uid, gid, ...(target === undefined ? {} : { target }) };
      if (type === 'file') last = { path, node, pieces: [] };
      root.put(path, type === 'file' ? { ...node, content: Buffer.alloc(0) } : node);
    },
    content: (piece) => {
      if (last === undefined) return;
      last.pieces.push(Buffer.from(piece));
      root.put(last.path, { ...last.node, content: Buffer.concat(last.pieces) });
    },
  };
}

async function pack({ start, added }: Built, recipe: Recipe, store: Store): Promise<Layer[]> {
  const layers: Layer[] = [];
  let before: MemoryRoot | undefined;
  for (const group of layerGroups(added)) {
    const { layer: name = 'application', after = start } = group.at(-1) ?? {};
    const trees = {
      name,
      base: packTree(start),
      before: before && packTree(before),
      after: packTree(after),
    };
    const { layer } = await packChanges(trees, recipe, store);
    if (layer !== undefined) layers.push(layer);
    before = after;
  }
  return layers;
}

async function rootOf(image: Image): Promise<MemoryRoot> {
  const scratch = mkdtempSync(join(tmpdir(), 'memory-engine-'));
  const tree = await openImageTree(image.layers, scratch);
  try {
    return MemoryRoot.of(tree);
  } finally {
    tree.close();
    rmSync(scratch, { recursive: true });
  }
}

/** A source as every engine takes it: modes 0755 and 0644, owner root. */
function normalized(source: FileTree): MemoryRoot {
  const root = MemoryRoot.of(source);
  for (const { path, type, mode } of [...walk(root)]) {
    const node = root.node(path);
    if (node === undefined || type === 'symlink') continue;
    const wanted = type === 'directory' || (mode & 0o100) !== 0 ? 0o755 : 0o644;
    root.put(path, { ...node, mode: wanted, uid: 0, gid: 0 });
  }
  return root;
}

const ANYWHERE = '**/';

/** What a copy step names, at the places that it has in what it is copied from. */
function selected(
  from: MemoryRoot,
  paths: readonly string[],
  except: readonly string[],
): MemoryRoot {
  const found = new MemoryRoot();
  const names = except.flatMap((path) => (path.startsWith(ANYWHERE) ? [path.slice(3)] : []));
  const isUnwanted = (path: string): boolean =>
    except.some((one) => path === one || path.startsWith(`${one}/`)) ||
    path.split('/').some((part) => names.includes(part));
  const isWanted = (path: string): boolean => paths.some((one) => isBelow(path, one));
  for (const { path } of walk(from)) {
    const node = from.node(path);
    if (node && isWanted(path) && !isUnwanted(path)) found.put(path, node);
  }
  return found;
}

function isBelow(path: string, wanted: string): boolean {
  if (wanted === '.') return true;
  if (!wanted.includes(ANYWHERE)) return path === wanted || path.startsWith(`${wanted}/`);
  const [start = '', name = ''] = wanted.split(`/${ANYWHERE}`);
  return path.startsWith(`${start}/`) && path.slice(start.length).split('/').includes(name);
}

function copyInto(root: MemoryRoot, what: MemoryRoot, to: string): void {
  if (!root.has(to as ByteString) && to !== '/') root.directory(to as ByteString);
  for (const { path } of walk(what)) {
    const node = what.node(path);
    if (node) root.put(joinPath(to === '/' ? '' : to, path) as ByteString, node);
  }
}

function digestOfTree(root: MemoryRoot): string {
  const lines = [...walk(root)].map((entry) => {
    const { xattrs: _xattrs, ...rest } = entry;
    return [rest, entry.type === 'file' ? digestOf(Buffer.concat([...root.open(entry.path)])) : ''];
  });
  return digestOf(JSON.stringify(lines));
}
