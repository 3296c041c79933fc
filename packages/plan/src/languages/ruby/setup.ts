import type { Phase } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import { trimmed } from '../../source/plain-text.js';
import { setupPhase } from '../../plan/phase.js';
import type { SourceTree } from '../../source/source-tree.js';
import { needsRust } from './version.js';
import type { RubyVersion } from './version.js';

/** What rbenv needs to compile Ruby. */
export const COMPILER_PACKAGES: readonly string[] =
  'git curl autoconf bison build-essential libssl-dev libyaml-dev libreadline6-dev zlib1g-dev libncurses5-dev libffi-dev libgdbm6 libgdbm-dev libdb-dev'.split(
    ' ',
  );

/** Whether Gemfile or Gemfile.lock contains the text; a name in a comment or another name is enough (quirk Q17). */
export const usesGem = (source: SourceTree, name: string): boolean =>
  textOf(source, 'Gemfile').includes(name) || textOf(source, 'Gemfile.lock').includes(name);

export function rubySetup(source: SourceTree, version: RubyVersion): Phase {
  const packages = [
    ...(usesGem(source, 'magick') ? ['imagemagick'] : []),
    ...(needsRust(version) ? ['rustc'] : []),
  ];
  const more = {
    onlyIncludeFiles: [],
    aptPkgs: aptPackages(source),
    paths: ['$HOME/.rbenv/bin'],
    cmds: [installRuby(source, version)],
  };
  return packages.length === 0 ? { name: 'setup', ...more } : setupPhase(packages, more);
}

function aptPackages(source: SourceTree): readonly string[] {
  const gemfile = textOf(source, 'Gemfile');
  return [
    'procps',
    ...(gemfile.includes('pg') ? ['libpq-dev'] : []),
    ...(gemfile.includes('mysql') ? ['default-libmysqlclient-dev'] : []),
    ...(usesGem(source, 'magick') ? ['libmagickwand-dev'] : []),
    ...(usesGem(source, 'vips') ? ['libvips-dev'] : []),
    ...(usesGem(source, 'charlock_holmes') ? ['libicu-dev'] : []),
    ...COMPILER_PACKAGES,
  ];
}

function installRuby(source: SourceTree, { number }: RubyVersion): string {
  return [
    'curl -fsSL https://github.com/rbenv/rbenv-installer/raw/HEAD/bin/rbenv-installer | bash -s stable',
    String.raw`printf '\neval "$(~/.rbenv/bin/rbenv init -)"' >> /root/.profile`,
    '. /root/.profile',
    `rbenv install ${number}`,
    `rbenv global ${number}`,
    `gem install ${bundler(source)}`,
  ].join(' && ');
}

/** The version of Bundler that wrote the lock file. */
function bundler(source: SourceTree): string {
  const lines = textOf(source, 'Gemfile.lock').split('\n');
  const at = lines.findIndex((line) => line.includes('BUNDLED WITH'));
  const version = at < 0 ? undefined : lines[at + 1];
  return version === undefined ? 'bundler' : `bundler:${trimmed(version)}`;
}
