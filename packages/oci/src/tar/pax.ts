import { EntryFault } from './entry-fault.js';

/** Records of a PAX extended header: keyword to value, both as bytes. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

const SPACE = 0x20;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;

/** Encodes records as `LENGTH KEY=VALUE\n`, ordered by key. Values may hold any byte. */
export function encodePax(records: PaxRecords): Buffer {
  const keys = [...records.keys()].sort();
  return Buffer.concat(keys.map((key) => encodeRecord(key, records.get(key) as Buffer)));
}

function encodeRecord(key: string, value: Buffer): Buffer {
  if (key.includes('=')) throw new Error(`a PAX record cannot have the key ${key}`);
  const rest = key.length + value.byteLength + 3;
  // The length counts its own digits, which may add one.
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`, 'latin1'), value, Buffer.from('\n')]);
}

/** Decodes records; of two with one key the last wins. Throws EntryFault for what is malformed. */
export function decodePax(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let offset = 0; offset < bytes.byteLength;) {
    const [key, value, end] = decodeRecord(bytes, offset);
    records.set(key, value);
    offset = end;
  }
  return records;
}

function decodeRecord(bytes: Buffer, offset: number): [string, Buffer, number] {
  const space = bytes.indexOf(SPACE, offset);
  const digits = space < 0 ? '' : bytes.toString('latin1', offset, Math.min(space, offset + 10));
  const end = offset + Number(digits);
  if (!/^[1-9][0-9]{0,8}$/.test(digits) || end > bytes.byteLength)
    throw new EntryFault('a PAX record has no valid length');
  const equals = bytes.indexOf(EQUALS, space);
  if (equals <= space + 1 || equals >= end - 1 || bytes[end - 1] !== LINE_FEED)
    throw new EntryFault('a PAX record is malformed');
  const key = bytes.toString('latin1', space + 1, equals);
  if (key.includes('\0')) throw new EntryFault('the key of a PAX record holds a NUL byte');
  return [key, Buffer.from(bytes.subarray(equals + 1, end - 1)), end];
}
