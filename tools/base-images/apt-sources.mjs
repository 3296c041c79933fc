import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from '../setup/command.mjs';

/**
 * The machine's own apt sources for its release, in the deb822 form, without third parties: a mirror address is
 * never written down in this project.
 *
 * @returns {Promise<{ text: string, repositories: string[] }>} repositories: the addresses, each ending in a slash
 */
export async function machineSources() {
  const codename = releaseCodename();
  const stanzas = (await sourceFiles()).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.sources') ? fromStanzas(text) : fromLines(text);
  });
  const own = stanzas.map((stanza) => restrict(stanza, codename)).filter(Boolean);
  const repositories = own.flatMap(({ uris }) => uris.split(/\s+/));
  if (own.length > 0)
    return {
      text: own.map(render).join('\n'),
      repositories: [...new Set(repositories.map((uri) => uri.replace(/\/*$/, '/')))],
    };
  throw new SetupError(
    `apt has no source of packages for "${codename}"`,
    'Add the mirror of the distribution to /etc/apt/sources.list.d.',
  );
}

export function releaseCodename() {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const name = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1];
  if (name !== undefined && existsSync('/etc/debian_version')) return name;
  throw new SetupError(
    'base images are composed of Debian packages, and this is neither Debian nor Ubuntu',
    'Run on Debian or Ubuntu, or in a container of one of them.',
  );
}

async function sourceFiles() {
  const { stdout } = await run('apt-config', [
    'shell',
    'LIST',
    'Dir::Etc::sourcelist/f',
    'PARTS',
    'Dir::Etc::sourceparts/d',
  ]);
  const [, list] = /^LIST='(.*)'$/m.exec(stdout) ?? [];
  const [, parts] = /^PARTS='(.*)'$/m.exec(stdout) ?? [];
  const inParts = (parts && existsSync(parts) ? readdirSync(parts).sort() : [])
    .filter((name) => /\.(list|sources)$/.test(name))
    .map((name) => join(parts, name));
  return [list, ...inParts].filter((file) => file && existsSync(file));
}

/** deb822: fields of a stanza, continued lines joined. */
export function fromStanzas(text) {
  const clean = text.split('\n').filter((line) => !line.startsWith('#'));
  const blocks = clean.join('\n').split(/\n\s*\n/);
  return blocks.map((block) => {
    const fields = {};
    for (const [, key, value] of block.matchAll(/^([A-Za-z-]+):(.*(?:\n[ \t].*)*)/gm))
      fields[key.toLowerCase()] = value.trim();
    return fields;
  });
}

const OPTIONS = { 'signed-by': 'signed-by', trusted: 'trusted', arch: 'architectures' };

/** One-line style: `deb [option=value] URI suite component…`. */
export function fromLines(text) {
  const stanzas = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (match === null) continue;
    const [, options = '', uris, suites, components] = match;
    const stanza = { types: 'deb', uris, suites, components: components.trim() };
    for (const option of options.split(/\s+/)) {
      const [key, value] = option.split('=');
      if (OPTIONS[key] !== undefined) stanza[OPTIONS[key]] = value.replaceAll(',', ' ');
    }
    stanzas.push(stanza);
  }
  return stanzas;
}

/** The stanza for the suites of this release only; undefined when none is left. */
export function restrict(stanza, codename) {
  if (!(stanza.types ?? '').split(/\s+/).includes('deb') || /^no$/i.test(stanza.enabled ?? ''))
    return undefined;
  const own = new RegExp(`^(${codename}|stable|oldstable)(-updates|-security|/updates)?$`);
  const suites = (stanza.suites ?? '').split(/\s+/).filter((suite) => own.test(suite));
  return suites.length === 0 ? undefined : { ...stanza, types: 'deb', suites: suites.join(' ') };
}

const NAMES = {
  types: 'Types',
  uris: 'URIs',
  suites: 'Suites',
  components: 'Components',
  'signed-by': 'Signed-By',
  trusted: 'Trusted',
  architectures: 'Architectures',
};

const render = (stanza) =>
  Object.entries(NAMES)
    .filter(([key]) => stanza[key] !== undefined)
    .map(([key, name]) => `${name}: ${stanza[key]}\n`)
    .join('');
