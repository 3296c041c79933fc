import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { tar } from '../../../oci/src/layer/hostile/tar-maker.contract.js';

/** A tar of parts of tar-maker, compressed. */
export const tarGz = (...parts: readonly Buffer[]): Buffer => gzipSync(tar(...parts));

/** A Debian package whose data are such a tar. */
export const deb = (...parts: readonly Buffer[]): Buffer =>
  ar({
    'debian-binary': Buffer.from('2.0\n'),
    'control.tar.gz': tarGz(),
    'data.tar.gz': tarGz(...parts),
  });

export function ar(members: Readonly<Record<string, Buffer>>): Buffer {
  const all = Object.entries(members).flatMap(([name, content]) => [
    Buffer.from(
      `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.byteLength).padEnd(10)}\`\n`,
      'latin1',
    ),
    content,
    Buffer.alloc(content.byteLength % 2, '\n'),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...all]);
}

export interface ZipMember {
  readonly name: string;
  readonly content?: string;
  /** Of a Unix file system. */
  readonly mode?: number;
  /** What the directory says of the size, where that is a lie. */
  readonly size?: number;
  readonly checksum?: number;
  readonly method?: number;
}

export function zip(...members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, content = '', mode = 0, method = 8 } = member;
    const bytes = Buffer.from(content);
    const data = method === 8 ? deflateRawSync(bytes) : bytes;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    locals.push(header, Buffer.from(name, 'latin1'), data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry[5] = mode === 0 ? 0 : 3;
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(member.checksum ?? crc32(bytes), 16);
    entry.writeUInt32LE(data.byteLength, 20);
    entry.writeUInt32LE(member.size ?? bytes.byteLength, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(mode, 40);
    entry.writeUInt32LE(offset, 42);
    entries.push(entry, Buffer.from(name, 'latin1'));
    offset += 30 + name.length + data.byteLength;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
