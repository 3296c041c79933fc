import { archiveInvalid } from './archive-fault.js';

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** The member `data.tar…` of a Debian package (deb(5)): an ar archive whose members are beside each other. */
export function dataOf(archive: Buffer, subject: string): { name: string; content: Buffer } {
  if (archive.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw archiveInvalid(`${subject} is not a Debian package`);
  for (let offset = MAGIC.length; offset + HEADER <= archive.byteLength;) {
    const name = archive.toString('latin1', offset, offset + 16).replace(/\/? *$/, '');
    const size = archive.toString('latin1', offset + 48, offset + 58).trimEnd();
    const start = offset + HEADER;
    const end = start + Number(size);
    if (!/^\d+$/.test(size) || end > archive.byteLength)
      throw archiveInvalid(`${subject}: member ${JSON.stringify(name)} is cut off`);
    if (name === 'data.tar' || name.startsWith('data.tar.'))
      return { name, content: archive.subarray(start, end) };
    offset = end + (end % 2);
  }
  throw archiveInvalid(`${subject} holds no data`);
}
