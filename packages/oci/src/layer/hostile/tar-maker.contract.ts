import { encodePax } from '../../tar/pax.js';
import { BLOCK, checksumOf, type Field, FIELDS, paddingOf } from '../../tar/tar-format.js';

/** Fields of a header as raw text; a number is written as octal digits over the whole field. */
export type Fields = Partial<Record<Field, string | number>>;

const DEFAULTS: Fields = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 1000,
  major: 0,
  minor: 0,
  magic: 'ustar\x0000',
};

/** A header as any writer might make it, sealed unless `checksum` is given. */
export function header(fields: Fields): Buffer {
  const block = Buffer.alloc(BLOCK);
  const all: Fields = { ...DEFAULTS, ...fields };
  for (const [field, value] of Object.entries(all) as [Field, string | number][]) {
    const [offset, length] = FIELDS[field];
    const text = typeof value === 'string' ? value : value.toString(8).padStart(length - 1, '0');
    block.write(text, offset, length, 'latin1');
  }
  if (fields.checksum === undefined) seal(block);
  return block;
}

function seal(block: Buffer): void {
  const sum = checksumOf(block).toString(8).padStart(6, '0');
  block.write(`${sum}\0 `, FIELDS.checksum[0], 'latin1');
}

export const padded = (content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content as string, 'latin1');
  return Buffer.concat([bytes, Buffer.alloc(paddingOf(bytes.byteLength))]);
};

type More = Omit<Fields, 'name'>;

/** A header with what follows it, preceded by a PAX header when a name is too long for ustar. */
export function entry(fields: Fields & { name: string }, content = ''): Buffer {
  const records: Record<string, string> = {};
  if (fields.name.length > 100) records['path'] = fields.name;
  const target = String(fields.target ?? '');
  if (target.length > 100) records['linkpath'] = target;
  const before = Object.keys(records).length > 0 ? [pax(records)] : [];
  const size = content.length > 0 ? { size: content.length } : {};
  return Buffer.concat([...before, header({ ...size, ...fields }), padded(content)]);
}

export const file = (name: string, content = 'x', more: More = {}): Buffer =>
  entry({ name, type: '0', ...more }, content);
export const dir = (name: string, more: More = {}): Buffer =>
  entry({ name: `${name}/`, type: '5', mode: 0o755, ...more });
export const link = (name: string, target: string): Buffer =>
  entry({ name, type: '2', mode: 0o777, target });
export const hard = (name: string, target: string, more: More = {}): Buffer =>
  entry({ name, type: '1', target, ...more });
export const fifo = (name: string): Buffer => entry({ name, type: '6', mode: 0o600 });
/** Block device 7:200, which is there on no machine. */
export const block = (name: string, more: More = {}): Buffer =>
  entry({ name, type: '4', mode: 0o600, major: 7, minor: 200, ...more });
export const character = (name: string, more: More = {}): Buffer =>
  entry({ name, type: '3', mode: 0o666, major: 1, minor: 3, ...more });

export const extension = (type: string, data: Buffer | string, more: Fields = {}): Buffer => {
  const bytes = Buffer.from(data as string, 'latin1');
  const size = bytes.byteLength;
  return Buffer.concat([header({ name: 'extended', type, size, ...more }), padded(bytes)]);
};
export const pax = (records: Record<string, string>, type = 'x'): Buffer =>
  extension(
    type,
    encodePax(
      new Map(Object.entries(records).map(([key, value]) => [key, Buffer.from(value, 'latin1')])),
    ),
  );
export const END: Buffer = Buffer.alloc(2 * BLOCK);
/** A tar of these parts, with its end. */
export const tar = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, END]);
