import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { planFault, textOf } from '../../source/manifest.js';
import { parseInteger, trimmed } from '../../source/plain-text.js';
import type { Environment, PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

/** Greedy, so that further options on the line are swallowed (quirk Q17). */
const GEMFILE_VERSION = /ruby ['"]([^\n]*)['"][^>]/;
const LOCK_VERSION = /ruby ((?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*))[^>]/;

export interface RubyVersion {
  /** As it was written, e.g. `ruby-3.2.2`. */
  readonly text: string;
  /** Without the prefix, as rbenv wants it. */
  readonly number: string;
  readonly decision: Decision;
}

/** Which Ruby a source wants. There is no default for Nix; another toolchain has one of its own. */
export function rubyVersion(
  source: SourceTree,
  env: Environment,
  { toolchain = 'nix' }: Pick<PlanContext, 'toolchain'>,
): RubyVersion {
  const [because, text] = wantedVersion(source, env) ?? [];
  if (text === undefined && toolchain !== 'nix') return anyRuby;
  if (text === undefined || because === undefined) {
    throw planFault({
      message: "Please specify ruby's version in .ruby-version file",
      hint: 'Write the version to .ruby-version.',
      file: 'Gemfile',
    });
  }
  const number = text.replace(/^(?:ruby-)+/, '');
  return { text, number, decision: { subject: 'ruby version', choice: number, because } };
}

const anyRuby: RubyVersion = {
  text: 'ruby',
  number: '',
  decision: {
    subject: 'ruby version',
    choice: 'the one that is there',
    because: 'no file names a version',
    guess: 'No file names a version of Ruby: write it to .ruby-version to be sure of it',
  },
};

function wantedVersion(
  source: SourceTree,
  env: Environment,
): readonly [because: string, text: string] | undefined {
  const variable = setting(env, 'RUBY_VERSION');
  if (variable !== undefined) return ['NIXPACKS_RUBY_VERSION', variable];
  if (source.has('.ruby-version'))
    return ['.ruby-version', trimmed(textOf(source, '.ruby-version'))];
  const gemfile = GEMFILE_VERSION.exec(textOf(source, 'Gemfile'))?.[1];
  if (gemfile !== undefined) return ['Gemfile', `ruby-${gemfile}`];
  const lock = LOCK_VERSION.exec(textOf(source, 'Gemfile.lock'))?.[1];
  return lock === undefined ? undefined : ['Gemfile.lock', `ruby-${lock}`];
}

/** Ruby's just-in-time compiler, from 3.1 on, is built with Rust. */
export function needsRust({ number }: RubyVersion): boolean {
  const [major, minor] = number.split('.');
  return (parseInteger(major ?? '', 255) ?? 0) >= 3 && (parseInteger(minor ?? '', 255) ?? 0) >= 1;
}
