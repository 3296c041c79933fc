import type { Decision } from '../../plan/explanation.js';
import { textOf } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';

export const RUBY_PORT = 3000;
const PORT = `\${PORT:-${RUBY_PORT}}`;

export const isRails = (source: SourceTree): boolean =>
  textOf(source, 'config/application.rb').includes('Rails::Application');

/** How the program is started, most specific first. */
export function rubyStart(source: SourceTree): Decision {
  if (isRails(source)) return started(railsServer(source), 'config/application.rb');
  if (source.has('config/environment.rb') && source.isDirectory('script')) {
    return started(`bundle exec ruby script/server -p ${PORT}`, 'config/environment.rb and script');
  }
  if (source.has('config.ru'))
    return started(`bundle exec rackup config.ru -p ${PORT}`, 'config.ru');
  if (source.has('Rakefile')) return started('bundle exec rake', 'Rakefile');
  return started(undefined, 'no Rails, no config.ru, no Rakefile');
}

const railsServer = (source: SourceTree): string =>
  source.has('rails')
    ? `bundle exec rails server -b 0.0.0.0 -p ${PORT}`
    : `bundle exec bin/rails server -b 0.0.0.0 -p ${PORT} -e $RAILS_ENV`;

const started = (choice: string | undefined, because: string): Decision => ({
  subject: 'start command',
  choice,
  because,
});
