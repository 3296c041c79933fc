import { canonicalJson, commitFile } from '@nx-nixpack/base';
import {
  byPath,
  DataFault,
  parseJson,
  readShape,
  struct,
  type DataNode,
  type Fields,
  type StructOf,
} from '@nx-nixpack/data';
import { digestOf, type Digest } from '@nx-nixpack/oci';
import { readOutput, rejected } from './outputs.js';

/** Raised when the same plan must give another image, so that no result of before is used. In every record. */
const COMPAT_VERSION = 1;

export interface ReadRecord<T> {
  readonly record: T;
  readonly bytes: Buffer;
  readonly digest: Digest;
}

/** How one record is written and read. Its two versions are in the file alone. */
export interface RecordCodec<T> {
  encode(record: T): Buffer;
  /** Commits the record to a file. */
  write(path: string, record: T): Buffer;
  /**
   * What a task left. Throws UserError CACHE_RESULT_REJECTED, with file and field, for anything that `write` of this version
   * does not write: missing, truncated, malformed, of another form, more than the record has.
   */
  read(path: string): ReadRecord<T>;
}

export type RecordOf<C> = C extends RecordCodec<infer T> ? T : never;

export interface RecordRule<F extends Fields> {
  /** The task that leaves it. */
  readonly task: string;
  /** Raised when the record has another form. */
  readonly schemaVersion: number;
  readonly fields: F;
}

export function recordCodec<const F extends Fields>({
  task,
  schemaVersion,
  fields,
}: RecordRule<F>): RecordCodec<StructOf<F>> {
  const versions = { schemaVersion, compatVersion: COMPAT_VERSION };
  const shape = struct(fields);
  const encode = (record: StructOf<F>): Buffer =>
    Buffer.from(canonicalJson({ ...versions, ...record }));
  return {
    encode,
    write: (path, record) => {
      const bytes = encode(record);
      commitFile(path, bytes);
      return bytes;
    },
    read: (path) => {
      const refuse = (what: string): never => {
        throw rejected(`${path}: ${what}`, task);
      };
      const bytes = readOutput(path, task);
      const node = withoutVersions(parse(bytes) ?? refuse(NOT_OURS), versions, refuse);
      const { value, faults } = readShape(shape, node, { naming: byPath('the record') });
      if (value === undefined) return refuse(faults[0]?.message ?? NOT_OURS);
      return { record: value, bytes, digest: digestOf(bytes) };
    },
  };
}

const NOT_OURS = 'the record is not one that is written here';

/** undefined for anything but canonical JSON: two readers must never see two things in one record. */
function parse(bytes: Buffer): DataNode | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return canonicalJson(JSON.parse(text)) === text ? parseJson(text) : undefined;
  } catch (error) {
    // no UTF-8, no JSON, or nested too deeply to be looked at
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    if (error instanceof RangeError || error instanceof DataFault) return undefined;
    throw error;
  }
}

/** The rest of a record whose versions are right: of another version nothing else is worth saying. */
function withoutVersions(
  node: DataNode,
  versions: Readonly<Record<string, number>>,
  refuse: (what: string) => never,
): DataNode {
  if (node.kind !== 'map') return refuse('the record is not an object');
  for (const [name, wanted] of Object.entries(versions)) {
    const found = node.entries.find(({ key }) => key === name)?.value;
    if (found?.kind !== 'integer' || found.value !== wanted)
      refuse(`${name} is not ${wanted}, which is the one that is read here`);
  }
  return { ...node, entries: node.entries.filter(({ key }) => !Object.hasOwn(versions, key)) };
}
