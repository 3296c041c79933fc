import type { Amendment, Question } from '../amendments/amendment.js';
import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';

/** Directories that frameworks serve, likely ones first. */
const ROOTS = ['public', 'web', 'webroot', 'www', 'htdocs', 'html', 'pub'] as const;

/** The directory that nginx serves, where the source's own is no page. */
export const phpRoot: Amendment = {
  name: 'php-root',
  providers: ['php'],
  amend(question) {
    const { source, plan, over } = question;
    const isSet = [plan, over].some(
      ({ variables }) => variables?.['NIXPACKS_PHP_ROOT_DIR'] !== undefined,
    );
    if (isSet || question.env.has('NIXPACKS_PHP_ROOT_DIR') || source.has('index.php'))
      return undefined;
    const root = herokuRoot(source) ?? ROOTS.find((each) => source.has(`${each}/index.php`));
    if (root === undefined) return undefined;
    const choice = `/app/${root}`;
    const variables = { NIXPACKS_PHP_ROOT_DIR: choice, NIXPACKS_PHP_FALLBACK_PATH: '/index.php' };
    return {
      plan: { ...plan, variables: { ...plan.variables, ...variables } },
      decisions: [{ subject: 'site root', choice, because: `${root}/index.php` }],
    };
  },
};

/** Heroku's own programs, with the directory that they serve. */
const HEROKU =
  /^(?:vendor\/bin\/)?heroku-php-(?:apache2|nginx)\b(?:\s+-\S+(?:\s+\S+)?)*?(?:\s+([\w./-]+?)\/?)?\s*$/;

function herokuRoot(source: SourceTree): string | undefined {
  const line = /^web:\s*(.*)$/m.exec(textOf(source, 'Procfile'))?.[1];
  const root = HEROKU.exec(line ?? '')?.[1];
  return root === undefined || root.includes('..') || root.startsWith('/') ? undefined : root;
}

/** Whether a Procfile names a program that Heroku alone has. */
export const isHerokuPhp = (command: string): boolean => HEROKU.test(command);

/** Laravel refuses to work without a key, and keeps its sessions in a database that is a file at first. */
export const laravel: Amendment = {
  name: 'laravel',
  providers: ['php'],
  amend(question) {
    const { source, plan, over } = question;
    const cmd = plan.start?.cmd;
    if (!source.has('artisan') || cmd === undefined || over.start?.cmd !== undefined)
      return undefined;
    const key = 'export APP_KEY="${APP_KEY:-base64:$(head -c 32 /dev/urandom | base64)}"';
    const choice = [key, ...database(question), cmd].join(' && ');
    return {
      plan: { ...plan, start: { ...plan.start, cmd: choice } },
      decisions: [
        {
          subject: 'start command',
          choice,
          because:
            'artisan: Laravel needs a key, and the tables of its database where that is a file',
          guess:
            'APP_KEY is made anew at each start while it is not set, and sessions end with it: set APP_KEY in env',
        },
      ],
    };
  },
};

/** Where nothing else is said Laravel's database is a file of SQLite that nobody has made yet. */
function database({ source, env }: Question): readonly string[] {
  const isFile = /'default'\s*=>\s*env\('DB_CONNECTION',\s*'sqlite'\)/.test(
    textOf(source, 'config/database.php'),
  );
  if (!isFile || env.has('DB_CONNECTION')) return [];
  return ['touch database/database.sqlite', 'php artisan migrate --force'];
}

/** Symfony's own environments: what is built without development packages must not be run as `dev`. */
export const symfony: Amendment = {
  name: 'symfony',
  providers: ['php'],
  amend({ source, plan, env, over }) {
    if (!/"symfony\/(?:framework-bundle|runtime)"/.test(textOf(source, 'composer.json')))
      return undefined;
    if (env.has('APP_ENV') || over.variables?.['APP_ENV'] !== undefined) return undefined;
    return {
      plan: { ...plan, variables: { ...plan.variables, APP_ENV: 'prod', APP_DEBUG: '0' } },
      decisions: [
        {
          subject: 'APP_ENV',
          choice: 'prod',
          because: 'symfony/framework-bundle of composer.json',
        },
      ],
    };
  },
};
