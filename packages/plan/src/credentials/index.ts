import type { Problem } from '@nx-nixpack/base';
import { positionAt } from '@nx-nixpack/data';
import type { CredentialFormat } from './credential-format.js';
import {
  bundler,
  bunfig,
  cargo,
  composer,
  dockerConfig,
  gem,
  packageJson,
  poetryConfig,
  pyproject,
  yarnrcYml,
} from './data-formats.js';
import { mavenMaster, mavenSettings } from './maven-settings.js';
import { netrc } from './netrc.js';
import { npmrc } from './npmrc.js';
import { nugetConfig } from './nuget-config.js';
import {
  git,
  gradleProperties,
  lockFiles,
  manifests,
  pipConf,
  pypirc,
  requirements,
} from './text-formats.js';
import { yarnrc } from './yarnrc.js';

/** Files that programs read credentials from. A path belongs to one of them at most. */
export const CREDENTIAL_FORMATS: readonly CredentialFormat[] = [
  ...[npmrc, yarnrc, yarnrcYml, bunfig, packageJson, lockFiles],
  ...[pipConf, pypirc, requirements, pyproject, poetryConfig, netrc, git],
  ...[mavenSettings, mavenMaster, gradleProperties, cargo, manifests],
  ...[nugetConfig, composer, bundler, gem, dockerConfig],
];

/** Whether a file is one that may hold credentials. Any path, forward slashes. */
export const mayHoldCredentials = (path: string): boolean => formatOf(path) !== undefined;

/**
 * The credentials that a file of the source spells out, which whoever can pull the image could read: SOURCE_CREDENTIALS,
 * one for each place. Variables in their place are none. What was read is in no message.
 */
export function sourceCredentials(path: string, text: string): readonly Problem[] {
  const format = formatOf(path);
  return (format?.find(text) ?? []).slice(0, MOST).map(({ offset, what }) => ({
    code: 'SOURCE_CREDENTIALS',
    message: `${path} spells out a credential (${what}), which would end up in the image`,
    hint: format?.instead ?? '',
    at: positionAt(path, text, offset),
  }));
}

/** More of one file would hide the other files' from whoever reads them. */
const MOST = 20;

const formatOf = (path: string): CredentialFormat | undefined =>
  CREDENTIAL_FORMATS.find(({ files }) => files.test(path));
