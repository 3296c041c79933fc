import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from '../setup/command.mjs';
import { machineSources } from './apt-sources.mjs';

/**
 * @typedef {{ name: string, version: string, architecture: string, sha256: string, size: number,
 *   path: string, suite: string, component: string }} LockedPackage path: below the mirror
 */

/** The machine's mirrors seen by an apt of our own: nothing installed, its own lists, no change to the machine. */
export class AptView {
  #repositories;
  #options;

  constructor(directory, repositories) {
    this.#repositories = repositories;
    const path = (name) => join(directory, name);
    this.#options = [
      ['Dir::State', path('state')],
      ['Dir::State::status', path('state/status')],
      ['Dir::Cache', path('cache')],
      ['Dir::Etc::SourceList', '/dev/null'],
      ['Dir::Etc::SourceParts', path('sources')],
      ['Acquire::GzipIndexes', 'false'],
      ['Acquire::Languages', 'none'],
      ['APT::Sandbox::User', 'root'],
      ['APT::Get::List-Cleanup', 'true'],
    ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  }

  /** @param {string} directory the view's own files, kept between runs */
  static async open(directory) {
    for (const name of ['state/lists/partial', 'cache/archives/partial', 'sources'])
      mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, 'state/status'), '');
    const { text, repositories } = await machineSources();
    writeFileSync(join(directory, 'sources/machine.sources'), text);
    return new AptView(directory, repositories);
  }

  /** Fetches the mirrors' package lists. */
  async update() {
    await this.#apt('update', '-q');
  }

  /**
   * What installing these packages into an empty root takes, in the order that apt would use.
   *
   * @param {readonly string[]} names
   * @returns {Promise<LockedPackage[]>}
   */
  async resolve(names) {
    const stdout = await this.#apt(
      'install',
      '--print-uris',
      '-qq',
      '-y',
      '--no-install-recommends',
      ...names,
    );
    const wanted = stdout.split('\n').filter(Boolean).map(parseUri);
    const index = await this.#index(new Set(wanted.map(({ name }) => name)));
    return wanted.map(({ name, version, architecture }) => {
      const found = index.get(`${name} ${version} ${architecture}`);
      if (found !== undefined) return found;
      throw new SetupError(`apt wants ${name} ${version} (${architecture}), which no list has`);
    });
  }

  /**
   * Brings the packages into a folder, each as `<sha256>.deb`; those that are there already are only checked.
   *
   * @param {readonly LockedPackage[]} packages
   * @param {string} folder
   * @returns {Promise<LockedPackage[]>} those that no mirror has any more
   */
  async download(packages, folder) {
    mkdirSync(folder, { recursive: true });
    let missing = packages.filter(({ sha256 }) => !isIntact(join(folder, `${sha256}.deb`), sha256));
    for (const likely of [true, false])
      for (const repository of this.#repositories) {
        const here = missing.filter(
          (entry) => !likely || isSecurity(repository) === isSecurity(entry.suite),
        );
        await this.#fetch(repository, here, folder);
        missing = missing.filter(({ sha256 }) => !existsSync(join(folder, `${sha256}.deb`)));
      }
    return missing;
  }

  /** apt's own downloader: it knows the machine's proxies and certificates, and checks the hash. */
  async #fetch(repository, packages, folder) {
    if (packages.length === 0) return;
    const part = ({ sha256 }) => join(folder, `${sha256}.part`);
    const triples = packages.flatMap((entry) => [
      `${repository}${encodeURI(entry.path).replaceAll('+', '%2b')}`,
      part(entry),
      `SHA256:${entry.sha256}`,
    ]);
    await run('/usr/lib/apt/apt-helper', [...this.#options, 'download-file', ...triples], {
      mayFail: true,
    });
    for (const entry of packages) {
      const target = join(folder, `${entry.sha256}.deb`);
      if (!existsSync(part(entry))) continue;
      if (isIntact(part(entry), entry.sha256)) renameSync(part(entry), target);
      else rmSync(part(entry));
    }
  }

  async #index(names) {
    const format = '$(FILENAME)|$(RELEASE)|$(COMPONENT)';
    const stdout = await this.#apt('indextargets', '--format', format, 'Created-By: Packages');
    const index = new Map();
    for (const line of stdout.split('\n').filter(Boolean)) {
      const [file, suite, component] = line.split('|');
      for (const entry of stanzas(readFileSync(file, 'utf8'), names))
        index.set(`${entry.name} ${entry.version} ${entry.architecture}`, {
          ...entry,
          suite,
          component,
        });
    }
    return index;
  }

  async #apt(...args) {
    const { stdout } = await run('apt-get', [...this.#options, ...args], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
    });
    return stdout;
  }
}

const isSecurity = (name) => name.includes('security');

/** `'URI' name_version_architecture.deb size hash`, as apt-get --print-uris writes it. */
function parseUri(line) {
  const file = line.split("' ")[1]?.split(' ')[0] ?? '';
  const [name, version, rest] = file.split('_');
  if (rest === undefined) throw new SetupError(`cannot read apt's answer: ${line}`);
  return { name, version: decodeURIComponent(version), architecture: rest.replace(/\.deb$/, '') };
}

function* stanzas(text, names) {
  for (const block of text.split('\n\n')) {
    const name = /^Package: (.*)$/m.exec(block)?.[1];
    if (name === undefined || !names.has(name)) continue;
    const field = (key) => new RegExp(`^${key}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    yield {
      name,
      version: field('Version'),
      architecture: field('Architecture'),
      sha256: field('SHA256'),
      size: Number(field('Size')),
      path: field('Filename'),
    };
  }
}

export function isIntact(file, sha256) {
  if (!existsSync(file)) return false;
  return createHash('sha256').update(readFileSync(file)).digest('hex') === sha256;
}
