import { crc32, gzipSync } from 'node:zlib';

/** A zip archive of a few small files, uncompressed. */
export function zip(files) {
  const locals = [];
  const central = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const common = header(name, content);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, content]);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), common, tail(offset), name);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...locals, directory, end(locals.length, directory.length, offset)]);
}

/** Version, flags, method, time (1980-01-01), checksum, sizes and the lengths of name and extra field. */
function header(name, content) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function tail(offset) {
  const fields = Buffer.alloc(14);
  fields.writeUInt32LE(offset, 10);
  return fields;
}

function end(count, size, offset) {
  const fields = Buffer.alloc(22);
  fields.write('PK\x05\x06', 'latin1');
  fields.writeUInt16LE(count, 8);
  fields.writeUInt16LE(count, 10);
  fields.writeUInt32LE(size, 12);
  fields.writeUInt32LE(offset, 16);
  return fields;
}

/** A gzip-compressed tar archive of a few small files. */
export function tarball(files) {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const fields = Buffer.alloc(512);
    fields.write(path, 0);
    fields.write(
      `0000644\0${'0000000\0'.repeat(2)}${octal(content.length, 11)} ${octal(0, 11)} `,
      100,
    );
    fields.write('        0', 148);
    fields.write('ustar\u000000', 257);
    const sum = fields.reduce((total, byte) => total + byte, 0);
    fields.write(`${octal(sum, 6)}\0 `, 148);
    return [fields, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const octal = (number, digits) => number.toString(8).padStart(digits, '0');
