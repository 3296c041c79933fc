import type { Amended, Amendment, Question } from '../amendments/amendment.js';
import { isRails, RUBY_PORT } from '../languages/ruby/start.js';
import { usesGem } from '../languages/ruby/setup.js';
import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';
import { portOr, startExtension } from './start.js';

const SCRIPTS = ['app.rb', 'server.rb', 'main.rb', 'web.rb', 'application.rb'] as const;

/** Rack's applications are reached from outside, and started with the server that the Gemfile names. */
export const rack = startExtension('rack', ['ruby'], ({ source, plan, env }) => {
  if (isRails(source)) return undefined;
  const variables = env.has('RACK_ENV')
    ? plan.variables
    : { ...plan.variables, RACK_ENV: 'production' };
  const inProduction = { ...plan, ...(variables === undefined ? {} : { variables }) };
  const port = portOr(RUBY_PORT);
  if (source.has('config.ru')) {
    const puma = usesGem(source, 'puma');
    const cmd = puma
      ? `bundle exec puma -b tcp://0.0.0.0:${port} config.ru`
      : `bundle exec rackup config.ru -o 0.0.0.0 -p ${port}`;
    return {
      cmd,
      because: `config.ru${puma ? ', and puma is in the Gemfile' : ''}`,
      port: RUBY_PORT,
      plan: inProduction,
    };
  }
  const script = usesGem(source, 'sinatra') ? sinatraScript(source) : undefined;
  if (script === undefined) return undefined;
  return {
    cmd: `bundle exec ruby ${script} -o 0.0.0.0 -p ${port}`,
    because: `${script} is an application of Sinatra`,
    port: RUBY_PORT,
    plan: inProduction,
  };
});

const sinatraScript = (source: SourceTree): string | undefined =>
  [...SCRIPTS, ...source.files('*.rb').filter((path) => /^[\w.-]+$/.test(path))].find((path) =>
    /^require ['"]sinatra['"]/m.test(textOf(source, path)),
  );

/** A file that is named like a program, where nixpacks finds nothing. */
export const rubyProgram = startExtension('ruby-program', ['ruby'], ({ source, plan }) => {
  const script = SCRIPTS.find((path) => source.has(path));
  const found = plan.start?.cmd;
  if (script === undefined || (found !== undefined && found !== 'bundle exec rake'))
    return undefined;
  return {
    cmd: `bundle exec ruby ${script}`,
    because: script,
    guess: `${script} was chosen by its name: set start_cmd for another program`,
  };
});

/** Rails in production: its environment, and the keys that it refuses to start without. */
export const rails: Amendment = {
  name: 'rails',
  providers: ['ruby'],
  amend(question) {
    const { source, env, plan } = question;
    if (!isRails(source)) return undefined;
    const build = plan.phases?.['build'];
    const phases = build?.cmds ? { build: { ...build, cmds: build.cmds.map(withKeys) } } : {};
    const variables = env.has('RAILS_ENV') ? {} : { RAILS_ENV: 'production' };
    const inProduction = {
      ...plan,
      variables: { ...plan.variables, ...variables },
      phases: { ...plan.phases, ...phases },
    };
    return railsStart(question, inProduction);
  },
};

/** Assets are compiled without the application's keys, which no build has. */
const withKeys = (command: string): string =>
  /rake assets:precompile/.test(command)
    ? `SECRET_KEY_BASE="\${SECRET_KEY_BASE:-1}" SECRET_KEY_BASE_DUMMY=1 ${command}`
    : command;

function railsStart({ source, over }: Question, plan: Amended['plan']): Amended {
  const environment = {
    subject: 'RAILS_ENV',
    choice: 'production',
    because: 'config/application.rb',
  };
  if (over.start?.cmd !== undefined) return { plan, decisions: [environment] };
  const choice = [
    'export SECRET_KEY_BASE="${SECRET_KEY_BASE:-$(head -c 64 /dev/urandom | base64 -w 0)}"',
    ...(isFile(source) ? ['bundle exec rails db:prepare'] : []),
    `bundle exec rails server -b 0.0.0.0 -p ${portOr(RUBY_PORT)}`,
  ].join(' && ');
  return {
    plan: { ...plan, start: { ...plan.start, cmd: choice } },
    decisions: [
      environment,
      {
        subject: 'start command',
        choice,
        because: 'config/application.rb',
        guess:
          'SECRET_KEY_BASE is made anew at each start while it is not set, and sessions end with it: set it in env',
      },
    ],
  };
}

/** Whether the database is a file, which nobody has made yet. */
const isFile = (source: SourceTree): boolean => {
  const text = textOf(source, 'config/database.yml');
  return /adapter:\s*sqlite3/.test(text) && !/adapter:\s*(?:postgresql|mysql2|trilogy)/.test(text);
};
