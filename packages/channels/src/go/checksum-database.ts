import type { ChannelAccess, GoChecksums } from '../channel.js';
import { invalid } from '../failures.js';
import { ask } from '../http/ask.js';
import { below } from '../http/mirrored.js';
import { escapedPath, escapedVersion } from './module-path.js';
import { signedNote, verifierName } from './signed-note.js';
import { requireIncluded, type Tile } from './transparent-log.js';

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * What the checksum database says of a module's zip, as an integrity; undefined when it does not know the version. The answer
 * is in the log that the database has signed (Go modules reference, "Checksum database"). Throws UserError.
 */
export async function checksumOf(
  module: string,
  version: string,
  database: GoChecksums,
  access: ChannelAccess,
): Promise<string | undefined> {
  const place = await placeOf(database, access);
  const path = `lookup/${escapedPath(module)}@${escapedVersion(version)}`;
  const answer = await askDatabase(place, path, access);
  if (answer === undefined) return undefined;
  const { id, record, note } = readLookup(answer.toString('utf8'));
  const head = readTree(signedNote(note, database.verifier));
  await requireIncluded({ record, place: id }, head, async (tile) => {
    const bytes = await askDatabase(place, tilePath(tile), access);
    return bytes ?? Buffer.alloc(0);
  });
  return integrityIn(record, module, version);
}

/** A mirror that passes questions on is asked, else the database itself (`<proxy>/sumdb/<name>/supported`). */
async function placeOf(database: GoChecksums, access: ChannelAccess): Promise<URL> {
  const name = verifierName(database.verifier);
  for (const mirror of access.mirrors['go'] ?? []) {
    const url = below(mirror, `sumdb/${name}/`);
    const supported = new URL('supported', url);
    const question = { channel: 'go', url: supported, limit: MAX_ANSWER_BYTES };
    const answer = await ask(question, access).catch(() => undefined);
    if (answer !== undefined) return url;
  }
  return new URL(database.url);
}

const askDatabase = async (
  place: URL,
  path: string,
  access: ChannelAccess,
): Promise<Buffer | undefined> => {
  const url = new URL(path, place);
  return (await ask({ channel: 'go', url, limit: MAX_ANSWER_BYTES }, access))?.bytes;
};

/** Number of the record, the record, an empty line, the signed tree. */
function readLookup(text: string): { id: number; record: string; note: string } {
  const first = text.indexOf('\n');
  const end = text.indexOf('\n\n');
  const id = text.slice(0, Math.max(first, 0));
  if (!/^\d{1,15}$/.test(id) || end < first) throw unreadable();
  return { id: Number(id), record: text.slice(first + 1, end + 1), note: text.slice(end + 2) };
}

function readTree(text: string): { size: number; root: Buffer } {
  const [title, size = '', root = ''] = text.split('\n');
  const bytes = Buffer.from(root, 'base64');
  if (title !== 'go.sum database tree' || !/^\d{1,15}$/.test(size) || bytes.length !== 32)
    throw unreadable();
  return { size: Number(size), root: bytes };
}

const unreadable = (): Error =>
  invalid('The checksum database answers in a form that cannot be read');

function integrityIn(record: string, module: string, version: string): string {
  for (const line of record.split('\n')) {
    const [name, its, hash = ''] = line.split(' ');
    const isZip = name === module && its === version;
    if (isZip && /^h1:[A-Za-z0-9+/]{43}=$/.test(hash)) return `h1-${hash.slice(3)}`;
  }
  throw invalid(`The checksum database has no hash of ${module} ${version} where it should`);
}

/** `tile/8/<level>/<index in thousands>[.p/<width>]`. */
function tilePath({ level, index, width }: Tile): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const thousands = digits.match(/.{3}/g) ?? [];
  const path = thousands.map((part, at) => (at < thousands.length - 1 ? `x${part}` : part));
  return `tile/8/${level}/${path.join('/')}${width === 256 ? '' : `.p/${width}`}`;
}
