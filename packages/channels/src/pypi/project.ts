import { list, struct } from '@nx-nixpack/data';
import type { ChannelAccess, Mirror } from '../channel.js';
import { invalid, shown, shownUrl, unavailable } from '../failures.js';
import { ask } from '../http/ask.js';
import { below } from '../http/mirrored.js';
import type { Question } from '../http/question.js';
import { readJson } from '../http/read-json.js';
import { redirected } from '../http/redirected.js';
import { filesOfPage } from './index-page.js';
import { projectFile, type ProjectFile } from './project-file.js';

const project = struct({ files: list(projectFile) }, { unknown: 'skip' });

const JSON_INDEX = 'application/vnd.pypi.simple.v1+json';
const ACCEPT = `${JSON_INDEX}, text/html;q=0.1`;
const MAX_BYTES = 64 * 1024 * 1024;

/** A project as one mirror lists it. */
export interface Project {
  readonly index: URL;
  readonly files: readonly ProjectFile[];
}

/** The files of a project (PyPA's simple repository API, in JSON or HTML); undefined when the mirror does not have it. */
export async function askProject(
  name: string,
  mirror: Mirror,
  access: ChannelAccess,
): Promise<Project | undefined> {
  const url = below(mirror, `${normalized(name)}/`);
  const question = { channel: 'pypi', url, limit: MAX_BYTES, accept: ACCEPT };
  const answer = await ask(question, access);
  if (answer === undefined) return undefined;
  const isJson = answer.contentType.startsWith(JSON_INDEX);
  const files = isJson
    ? readJson(project, answer, question).files
    : filesOfPage(answer.bytes.toString('utf8'));
  return { index: url, files };
}

/** Asks for a file of a project. Throws UserError ARCHIVE_INVALID for an address that no index may lead to. */
export function fileQuestion({ index }: Project, file: ProjectFile, limit: number): Question {
  try {
    return { channel: 'pypi', url: redirected(index, file.url), limit, namedBy: index };
  } catch (error) {
    throw invalid(
      `pypi: ${shownUrl(index)} names ${shown(file.filename)} as no index may: ${(error as Error).message}`,
    );
  }
}

/** As the index spells names (PyPA, "Names and normalization"). */
export function normalized(name: string): string {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?$/.test(name))
    throw unavailable(`${shown(name)} is no name of a Python package`, 'Correct the name.');
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
