import { UserError } from '@nx-nixpack/base';
import { parseObject } from './descriptor.js';
import { type Content, contentsOf } from './content.js';
import { Digester, digestOf } from './digest.js';
import { Image, type Layer } from './image.js';
import { imageFrom, MAX_CONFIG_BYTES } from './image-from.js';
import { compareWalk } from './layer/walk-order.js';
import { layerTar } from './layer/layer-tar.js';
import type { TarEntry } from './tar/tar-format.js';
import { TarReader } from './tar/tar-reader.js';

/**
 * Recomputes everything that an image, an index or an artifact claims: digests and sizes of all parts, and of an image the
 * agreement of manifest and configuration, well-formed tars, and the canonical form of layers that our packer wrote.
 * Returns what is wrong.
 */
export async function problemsIn(content: Content): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const one of contentsOf(content))
    problems.push(...(one instanceof Image ? await imageProblems(one) : await blobProblems(one)));
  return problems;
}

async function imageProblems(image: Image): Promise<string[]> {
  const problems = [...manifestProblems(image), ...historyProblems(image)];
  for (const [index, layer] of image.layers.entries())
    for (const problem of await layerProblems(layer)) problems.push(`layer ${index}: ${problem}`);
  return problems;
}

async function blobProblems({ digest, manifest, blobs }: Content): Promise<string[]> {
  const problems = digest === digestOf(manifest) ? [] : ['the digest is not that of the manifest'];
  for (const blob of blobs) {
    const digester = new Digester();
    let size = 0;
    for await (const piece of blob.open()) {
      digester.update(piece);
      size += piece.byteLength;
    }
    if (size !== blob.size || digester.digest() !== blob.digest)
      problems.push(`blob ${blob.digest} has other content`);
  }
  return problems;
}

function manifestProblems(image: Image): string[] {
  const problems: string[] = [];
  if (image.digest !== digestOf(image.manifest))
    problems.push('the digest is not that of the manifest');
  const reread = attempt(problems, () =>
    imageFrom(image.manifest, image.configBytes, neverOpened, 'base'),
  );
  if (reread === undefined) return problems;
  if (reread.platform !== image.platform)
    problems.push(`the configuration is for ${reread.platform}`);
  const listed = (layers: readonly Layer[]) =>
    layers.map(({ mediaType, digest, size, diffId }) => [mediaType, digest, size, diffId]);
  if (JSON.stringify(listed(reread.layers)) !== JSON.stringify(listed(image.layers)))
    problems.push('the layers are not those of the manifest and the configuration');
  return problems;
}

/** Tools that pair history and layers refuse an image where they differ. */
function historyProblems(image: Image): string[] {
  const { history } = parseObject(image.configBytes, 'configuration', MAX_CONFIG_BYTES);
  if (!Array.isArray(history) || history.length === 0) return [];
  const filled = history.filter(
    (entry: { empty_layer?: boolean }) => entry.empty_layer !== true,
  ).length;
  return filled === image.layers.length ? [] : [`the history names ${filled} layers`];
}

async function layerProblems(layer: Layer): Promise<string[]> {
  const problems: string[] = [];
  const form = new CanonicalForm();
  const reader = new TarReader(layer.origin === 'own' ? form : IGNORE, layer.digest);
  await attemptAsync(problems, async () => {
    for await (const chunk of layerTar(layer)) reader.write(chunk);
    reader.end();
  });
  return [...problems, ...form.problems];
}

const IGNORE = { entry: () => {}, content: () => {} };

/** What our packer promises about its entries. */
class CanonicalForm {
  readonly problems: string[] = [];
  #previous: TarEntry | undefined;

  entry(entry: TarEntry): void {
    const previous = this.#previous;
    this.#previous = entry;
    if (previous === undefined) return;
    if (compareWalk(previous.path, entry.path) >= 0)
      this.problems.push(`${entry.path} is not in walk order`);
    if (previous.mtime !== entry.mtime) this.problems.push(`${entry.path} has another time`);
  }

  content(): void {}
}

function attempt<T>(problems: string[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

async function attemptAsync(problems: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

function neverOpened(): never {
  throw new Error('not opened');
}
