import { invalid } from '../failures.js';
import { zipContent, ZipFault, zipMembers, type ZipMember } from './members.js';

export interface ZipFile {
  readonly name: string;
  /** Its bytes, decompressed. */
  read(): Uint8Array;
}

/** What the members of one archive may have together: they may lie over each other, and take no room in it. */
const MAX_BYTES = 8 * 1024 ** 3;

/**
 * The members of a zip file, in the order of its directory. Throws UserError ARCHIVE_INVALID, also for names that would be two lines
 * of a list.
 */
export function zipFiles(bytes: Uint8Array): readonly ZipFile[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return refusing(() => {
    let size = 0;
    return Array.from(zipMembers(zip), (member) => {
      size += member.size;
      if (size > MAX_BYTES) throw new ZipFault(`it holds more than ${MAX_BYTES} bytes`);
      return fileOf(zip, member);
    });
  });
}

function fileOf(zip: Buffer, member: ZipMember): ZipFile {
  const name = member.name.toString('utf8');
  if (name.includes('\n')) throw new ZipFault('a name in it has a line break');
  return { name, read: () => refusing(() => zipContent(zip, member)) };
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ZipFault) throw invalid(`A zip archive cannot be read: ${error.message}`);
    throw error;
  }
}
