import { lenient, mapOf, struct, text, type Infer } from '@nx-nixpack/data';
import type { ChannelAccess, Mirror } from '../channel.js';
import { unavailable, shown } from '../failures.js';
import { ask } from '../http/ask.js';
import { below } from '../http/mirrored.js';
import { readJson } from '../http/read-json.js';

const version = struct(
  {
    dist: struct(
      { tarball: text(), integrity: lenient(text()), shasum: lenient(text()) },
      { unknown: 'skip' },
    ),
  },
  { unknown: 'skip' },
);
const packument = struct({ versions: mapOf(text(), version) }, { unknown: 'skip' });

export type Distribution = Infer<typeof version>['dist'];

/** What is installed needs of a package's description (npm registry API, "Abbreviated metadata"). */
const ABBREVIATED = 'application/vnd.npm.install-v1+json, application/json;q=0.8';
const MAX_BYTES = 64 * 1024 * 1024;

/** The versions of a package with their files; undefined when the mirror does not have it. */
export async function askPackument(
  name: string,
  mirror: Mirror,
  access: ChannelAccess,
): Promise<Readonly<Record<string, Distribution>> | undefined> {
  const url = below(mirror, requireName(name).replace('/', '%2f'));
  const question = { channel: 'npm', url, limit: MAX_BYTES, accept: ABBREVIATED };
  const answer = await ask(question, access);
  if (answer === undefined) return undefined;
  const { versions } = readJson(packument, answer, question);
  return Object.fromEntries(Object.entries(versions).map(([key, { dist }]) => [key, dist]));
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Names become paths. */
function requireName(name: string): string {
  if (NAME.test(name) && name.length <= 214) return name;
  throw unavailable(`${shown(name)} is no name of an npm package`, 'Correct the name.');
}
