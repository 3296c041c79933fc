import { generatePlan } from '../generate/generate-plan.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { EXTENSIONS } from './index.js';

type Files = Readonly<Record<string, string>>;
interface Sample {
  readonly files: Files;
  /** Command of the start, or of the build when it has a colon before it. */
  readonly answer: string;
  readonly nixpacks: string | undefined;
}

const manifest = (fields: object): string => JSON.stringify(fields);
const python = (requirements: string, files: Files): Files => ({
  'requirements.txt': requirements,
  ...files,
});
const depending = (names: readonly string[], more: object = {}): string =>
  manifest({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])), ...more });
const CADDY = 'exec caddy run --config /assets/Caddyfile --adapter caddyfile 2>&1';
const PHP =
  'node /assets/scripts/prestart.mjs /assets/nginx.template.conf /nginx.conf && (php-fpm -y /assets/php-fpm.conf & nginx -c /nginx.conf)';
const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';
const FASTAPI = 'from fastapi import FastAPI\napp = FastAPI()\n';
const RAILS = {
  Gemfile: 'gem "rails"',
  '.ruby-version': '3.3.0',
  'config/application.rb': 'class A < Rails::Application',
};
const GO = { 'go.mod': 'module example.com/shop/v2\n\ngo 1.22\n' };
const MAIN = 'package main\n\nfunc main() {}\n';

/** A minimal source for each extension; some have several. */
const SAMPLES: Readonly<Record<string, readonly Sample[]>> = {
  'django-static': [
    {
      files: python('django', {
        'manage.py': '',
        'shop/settings.py': 'STATIC_ROOT = "static"\nWSGI_APPLICATION = "shop.wsgi.application"\n',
      }),
      answer:
        "build:(python manage.py collectstatic --noinput) || echo 'Static files were not collected' >&2",
      nixpacks: undefined,
    },
    {
      files: python('django', {
        'site/manage.py': '',
        'site/site/settings/base.py': 'STATIC_ROOT = BASE / "static"',
      }),
      answer:
        "build:(cd site && python manage.py collectstatic --noinput) || echo 'Static files were not collected' >&2",
      nixpacks: undefined,
    },
  ],
  flask: [
    {
      files: python('flask\ngunicorn', { 'app.py': FLASK }),
      answer: 'gunicorn --bind 0.0.0.0:${PORT:-8000} app:app',
      nixpacks: undefined,
    },
    {
      files: python('Flask==3', { 'main.py': FLASK }),
      answer: 'flask --app main:app run --host 0.0.0.0 --port ${PORT:-8000}',
      nixpacks: 'python main.py',
    },
    {
      files: python('flask\ngunicorn', {
        'shop/__init__.py':
          'from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n',
      }),
      answer: "gunicorn --bind 0.0.0.0:${PORT:-8000} 'shop:create_app()'",
      nixpacks: undefined,
    },
    {
      files: python('flask\nwaitress', { 'wsgi.py': 'from shop import app\n', 'shop.py': FLASK }),
      answer: 'waitress-serve --listen=*:${PORT:-8000} wsgi:app',
      nixpacks: undefined,
    },
  ],
  asgi: [
    {
      files: python('fastapi\nuvicorn[standard]', { 'main.py': FASTAPI }),
      answer: 'uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app',
      nixpacks: 'python main.py',
    },
    {
      files: python('fastapi[standard]', { 'app/__init__.py': '', 'app/main.py': FASTAPI }),
      answer: 'uvicorn --host 0.0.0.0 --port ${PORT:-8000} app.main:app',
      nixpacks: undefined,
    },
    {
      files: python('starlette\nhypercorn', { 'src/web.py': 'app = Starlette()\n' }),
      answer: 'PYTHONPATH=src hypercorn --bind 0.0.0.0:${PORT:-8000} web:app',
      nixpacks: undefined,
    },
    {
      files: python('litestar', { 'app.py': 'app = Litestar([])\n' }),
      answer: 'uvicorn --host 0.0.0.0 --port ${PORT:-8000} app:app',
      nixpacks: undefined,
    },
  ],
  django: [
    {
      files: python('Django\ngunicorn', {
        'manage.py': '',
        'shop/settings.py': 'WSGI_APPLICATION = "shop.wsgi.application"',
        'shop/wsgi.py': '',
      }),
      answer:
        'python manage.py migrate && gunicorn --bind 0.0.0.0:${PORT:-8000} shop.wsgi:application',
      nixpacks: 'python manage.py migrate && gunicorn shop.wsgi',
    },
    {
      files: python('django', { 'site/manage.py': '' }),
      answer:
        'cd site && python manage.py migrate && python manage.py runserver 0.0.0.0:${PORT:-8000} --noreload',
      nixpacks: undefined,
    },
  ],
  streamlit: [
    {
      files: python('streamlit', { 'dashboard.py': 'import streamlit as st\n' }),
      answer:
        'streamlit run dashboard.py --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true',
      nixpacks: undefined,
    },
  ],
  gradio: [
    {
      files: python('gradio', { 'app.py': 'import gradio as gr\ngr.Interface(f).launch()\n' }),
      answer: 'GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=${PORT:-7860} python app.py',
      nixpacks: undefined,
    },
  ],
  dash: [
    {
      files: python('dash', { 'app.py': 'from dash import Dash\napp = Dash()\napp.run()\n' }),
      answer: 'HOST=0.0.0.0 PORT=${PORT:-8050} python app.py',
      nixpacks: undefined,
    },
  ],
  chainlit: [
    {
      files: python('chainlit', { 'app.py': 'import chainlit as cl\n' }),
      answer: 'chainlit run app.py --headless --host 0.0.0.0 --port ${PORT:-8000}',
      nixpacks: undefined,
    },
  ],
  'python-program': [
    {
      files: {
        'pyproject.toml': '[project]\nname = "shop-tool"\n[project.scripts]\nshop = "shop:main"\n',
      },
      answer: 'shop',
      nixpacks: 'python -m shop-tool',
    },
    {
      files: { 'pyproject.toml': '[project]\nname = "shop-tool"\n', 'shop_tool/__main__.py': '' },
      answer: 'python -m shop_tool',
      nixpacks: 'python -m shop-tool',
    },
    { files: python('requests', { 'bot.py': '' }), answer: 'python bot.py', nixpacks: undefined },
  ],
  poetry: [
    {
      files: {
        'pyproject.toml': '',
        'poetry.lock':
          '# This file is automatically @generated by Poetry 2.1.3 and should not be changed by hand.\n',
        'main.py': '',
      },
      answer:
        'install:python -m venv --copies /opt/venv && . /opt/venv/bin/activate && pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi',
      nixpacks:
        'python -m venv --copies /opt/venv && . /opt/venv/bin/activate && pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --no-dev --no-interaction --no-ansi',
    },
  ],
  setuptools: [
    {
      files: { 'pyproject.toml': '[project]\nname = "shop"\n', 'shop.py': '' },
      answer: 'python -m shop',
      nixpacks: 'python -m shop',
    },
  ],
  nx: [
    {
      files: {
        'package.json': depending([], { scripts: { start: 'nx serve' } }),
        'nx.json': '{}',
        'project.json': manifest({
          name: 'api',
          targets: {
            build: {
              executor: '@nx/esbuild:esbuild',
              options: { outputPath: 'dist/api', main: 'src/main.ts' },
            },
          },
        }),
      },
      answer: 'node dist/api/main.js',
      nixpacks: 'npm run start',
    },
    {
      files: {
        'package.json': '{}',
        'nx.json': '{}',
        'apps/web/project.json': manifest({
          targets: {
            build: { executor: '@nx/vite:build', options: { outputPath: 'dist/apps/web' } },
          },
        }),
      },
      answer: CADDY,
      nixpacks: 'node dist/apps/web/index.js',
    },
  ],
  next: [
    {
      files: {
        'package.json': depending(['next'], {
          scripts: { build: 'next build', start: 'next dev' },
        }),
      },
      answer: 'next start -H 0.0.0.0 -p ${PORT:-3000}',
      nixpacks: 'npm run start',
    },
  ],
  nuxt: [
    {
      files: {
        'package.json': depending(['nuxt'], {
          scripts: { build: 'nuxt build', start: 'nuxt start' },
        }),
      },
      answer: 'node .output/server/index.mjs',
      nixpacks: 'npm run start',
    },
    {
      files: {
        'package.json': manifest({
          dependencies: { nuxt: '^2.15.0' },
          scripts: { start: 'nuxt start' },
        }),
      },
      answer: 'HOST=0.0.0.0 PORT=${PORT:-3000} nuxt start',
      nixpacks: 'npm run start',
    },
  ],
  'solid-start': [
    {
      files: { 'package.json': depending(['@solidjs/start']) },
      answer: 'node .output/server/index.mjs',
      nixpacks: undefined,
    },
  ],
  analog: [
    {
      files: { 'package.json': depending(['@analogjs/platform']) },
      answer: 'node dist/analog/server/index.mjs',
      nixpacks: undefined,
    },
  ],
  'react-router': [
    {
      files: { 'package.json': depending(['@react-router/serve', 'vite']) },
      answer: 'react-router-serve ./build/server/index.js',
      nixpacks: undefined,
    },
  ],
  remix: [
    {
      files: { 'package.json': depending(['@remix-run/serve']) },
      answer: 'remix-serve ./build/index.js',
      nixpacks: undefined,
    },
    {
      files: { 'package.json': depending(['@remix-run/serve', 'vite']) },
      answer: 'remix-serve ./build/server/index.js',
      nixpacks: undefined,
    },
  ],
  sveltekit: [
    {
      files: { 'package.json': depending(['@sveltejs/kit', '@sveltejs/adapter-node']) },
      answer: 'node build',
      nixpacks: undefined,
    },
    {
      files: { 'package.json': depending(['@sveltejs/kit']) },
      answer: 'vite preview --host 0.0.0.0 --port ${PORT:-3000}',
      nixpacks: undefined,
    },
  ],
  astro: [
    {
      files: {
        'package.json': depending(['astro', '@astrojs/node'], {
          scripts: { start: 'node ./dist/server/entry.mjs' },
        }),
      },
      answer: 'HOST=0.0.0.0 npm run start',
      nixpacks: 'npm run start',
    },
    {
      files: {
        'package.json': depending(['astro', '@astrojs/node'], { scripts: { start: 'astro dev' } }),
      },
      answer: 'HOST=0.0.0.0 PORT=${PORT:-3000} node ./dist/server/entry.mjs',
      nixpacks: 'npm run start',
    },
  ],
  'angular-ssr': [
    {
      files: {
        'package.json': depending(['@angular/core', '@angular/ssr'], {
          scripts: { start: 'ng serve' },
        }),
        'angular.json': '{"projects": {"shop": {}}}',
      },
      answer: 'node dist/shop/server/server.mjs',
      nixpacks: 'npm run start',
    },
  ],
  'own-server': [
    {
      files: {
        'package.json': depending(['vite', 'react'], {
          scripts: { build: 'vite build', start: 'node .output/server/index.mjs' },
        }),
      },
      answer: 'npm run start',
      nixpacks: CADDY,
    },
  ],
  'static-site': [
    {
      files: {
        'package.json': depending(['react-scripts'], {
          scripts: { build: 'react-scripts build', start: 'react-scripts start' },
        }),
      },
      answer: CADDY,
      nixpacks: 'npm run start',
    },
    {
      files: { 'package.json': depending(['astro'], { scripts: { start: 'astro dev' } }) },
      answer: CADDY,
      nixpacks: 'npm run start',
    },
    {
      files: {
        'package.json': depending(['next'], { scripts: { start: 'next start' } }),
        'next.config.js': "module.exports = {\n  output: 'export',\n};",
      },
      answer: CADDY,
      nixpacks: 'npm run start',
    },
  ],
  'production-script': [
    {
      files: {
        'package.json': depending(['@nestjs/core'], {
          scripts: { start: 'nest start', 'start:prod': 'node dist/main' },
        }),
      },
      answer: 'npm run start:prod',
      nixpacks: 'npm run start',
    },
  ],
  'node-program': [
    {
      files: {
        'package.json': depending(['express'], { scripts: { dev: 'nodemon src/index.js' } }),
        'src/index.js': '',
      },
      answer: 'node src/index.js',
      nixpacks: undefined,
    },
    {
      files: {
        'package.json': depending(['express'], { main: 'dist/a.js', scripts: { build: 'tsc' } }),
      },
      answer: 'node dist/a.js',
      nixpacks: undefined,
    },
    {
      files: { 'package.json': depending(['fastify']), 'server.js': '' },
      answer: 'node server.js',
      nixpacks: undefined,
    },
    {
      files: {
        'package.json': depending(['hono'], { scripts: { build: 'tsc' } }),
        'src/index.ts': '',
        'tsconfig.json': '{\n  "outDir": "./dist"\n}',
      },
      answer: 'node dist/index.js',
      nixpacks: undefined,
    },
    {
      files: {
        'package.json': depending(['elysia'], { packageManager: 'bun@1.1.0' }),
        'src/index.ts': '',
      },
      answer: 'bun src/index.ts',
      nixpacks: undefined,
    },
    {
      files: { 'package.json': manifest({ bin: { tool: 'cli.js' } }) },
      answer: 'node cli.js',
      nixpacks: undefined,
    },
  ],
  bun: [
    {
      files: {
        'package.json': depending(['hono'], { scripts: { dev: 'bun run --hot src/index.ts' } }),
        'src/index.ts': '',
      },
      answer: 'install:bun install --no-save',
      nixpacks: 'npm i',
    },
    {
      files: { 'package.json': manifest({ scripts: { start: 'NODE_ENV=x bun app.js' } }) },
      answer: 'bun run start',
      nixpacks: 'npm run start',
    },
    {
      files: {
        'package.json': manifest({ devDependencies: { '@types/bun': 'latest' } }),
        'README.md': 'bun run index.ts',
        'index.ts': '',
      },
      answer: 'bun index.ts',
      nixpacks: undefined,
    },
  ],
  'deno-program': [
    {
      files: { 'deno.json': '{}', 'main.ts': 'Deno.serve(() => new Response(""))' },
      answer: 'DENO_SERVE_ADDRESS=tcp:0.0.0.0:${PORT:-8000} deno run --allow-all main.ts',
      nixpacks: undefined,
    },
    {
      files: { 'deno.json': '{}', 'server.ts': 'export default {\n  fetch() {},\n};' },
      answer: 'deno serve --allow-all --host 0.0.0.0 --port ${PORT:-8000} server.ts',
      nixpacks: undefined,
    },
  ],
  'go-program': [
    {
      files: {
        ...GO,
        'lib.go': 'package shop\n',
        'cmd/cli/main.go': MAIN,
        'cmd/shop/main.go': MAIN,
      },
      answer: 'build:go build -o out ./cmd/shop',
      nixpacks: 'go build -o out',
    },
    {
      files: { ...GO, 'cmd/admin/main.go': MAIN, 'cmd/server/main.go': MAIN },
      answer: 'build:go build -o out ./cmd/server',
      nixpacks: 'go build -o out ./cmd/admin',
    },
  ],
  'go-cgo': [
    {
      files: {
        'go.mod': 'module a\n\nrequire github.com/mattn/go-sqlite3 v1.14.0\n',
        'main.go': MAIN,
      },
      answer: 'build:go build -o out',
      nixpacks: 'go build -o out',
    },
  ],
  'go-procfile': [
    { files: { ...GO, 'main.go': MAIN, Procfile: 'web: shop' }, answer: 'shop', nixpacks: 'shop' },
  ],
  'rust-program': [
    {
      files: {
        'Cargo.toml': '[package]\nname = "shop"\n',
        'src/bin/cli.rs': '',
        'src/bin/server.rs': '',
      },
      answer: './bin/server',
      nixpacks: undefined,
    },
  ],
  'java-program': [
    {
      files: { 'pom.xml': '<groupId>io.quarkus</groupId>' },
      answer:
        'java -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080} $JAVA_OPTS -jar target/quarkus-app/quarkus-run.jar',
      nixpacks: 'java  $JAVA_OPTS -jar target/*jar',
    },
    {
      files: { 'pom.xml': '<packaging>war</packaging>' },
      answer: 'java $JAVA_OPTS -jar target/*.war',
      nixpacks: 'java  $JAVA_OPTS -jar target/*jar',
    },
  ],
  rails: [
    {
      files: RAILS,
      answer:
        'export SECRET_KEY_BASE="${SECRET_KEY_BASE:-$(head -c 64 /dev/urandom | base64 -w 0)}" && bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}',
      nixpacks: 'bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e $RAILS_ENV',
    },
  ],
  rack: [
    {
      files: { Gemfile: 'gem "puma"', '.ruby-version': '3.3.0', 'config.ru': '' },
      answer: 'bundle exec puma -b tcp://0.0.0.0:${PORT:-3000} config.ru',
      nixpacks: 'bundle exec rackup config.ru -p ${PORT:-3000}',
    },
    {
      files: {
        Gemfile: 'gem "sinatra"',
        '.ruby-version': '3.3.0',
        'app.rb': "require 'sinatra'\n",
      },
      answer: 'bundle exec ruby app.rb -o 0.0.0.0 -p ${PORT:-3000}',
      nixpacks: undefined,
    },
  ],
  'ruby-program': [
    {
      files: { Gemfile: '', '.ruby-version': '3.3.0', 'main.rb': '' },
      answer: 'bundle exec ruby main.rb',
      nixpacks: undefined,
    },
  ],
  'php-root': [
    { files: { 'composer.json': '{}', 'public/index.php': '' }, answer: PHP, nixpacks: PHP },
  ],
  symfony: [
    {
      files: { 'composer.json': '{"require": {"symfony/framework-bundle": "7.*"}}' },
      answer: PHP,
      nixpacks: PHP,
    },
  ],
  laravel: [
    {
      files: {
        'composer.json': '{}',
        artisan: '',
        'config/database.php': "'default' => env('DB_CONNECTION', 'sqlite'),",
        'public/index.php': '',
      },
      answer: `export APP_KEY="\${APP_KEY:-base64:$(head -c 32 /dev/urandom | base64)}" && touch database/database.sqlite && php artisan migrate --force && ${PHP}`,
      nixpacks: PHP,
    },
  ],
  'elixir-build': [
    {
      files: { 'mix.exs': ':phoenix ecto postgrex' },
      answer: 'build:mix compile',
      nixpacks: 'mix compile',
    },
  ],
  'elixir-start': [
    {
      files: { 'mix.exs': '{:plug_cowboy, "~> 2.0"}' },
      answer: 'mix run --no-halt',
      nixpacks: 'mix phx.server',
    },
  ],
  'zig-program': [
    {
      files: { 'build.zig': 'b.addExecutable(.{\n  .name = "shop",\n});', 'main.zig': '' },
      answer: './zig-out/bin/shop',
      nixpacks: './zig-out/bin/app',
    },
  ],
};

const commandOf = ({ phases, start }: BuildPlan, phase: string | undefined): string | undefined =>
  phase === undefined ? start?.cmd : phases?.[phase]?.cmds?.[0];

it('has a sample for every extension', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(EXTENSIONS.map(({ name }) => name).sort());
});

const cases = Object.entries(SAMPLES).flatMap(([name, samples]) =>
  samples.map((sample, index) => [`${name} ${index + 1}`, name, sample] as const),
);

describe.each(cases)('%s', (_title, name, { files, answer, nixpacks }) => {
  const [, phase, command] = /^(?:(install|build):)?([^]*)$/.exec(answer) ?? [];

  it('answers', () => {
    const { plan, explanation } = generatePlan(memoryTree(files));
    expect(commandOf(plan, phase)).toBe(command);
    expect(explanation.decisions.map(({ by }) => by)).toContain(`extension ${name}`);
  });

  it('is silent when extensions are off', () => {
    const { plan, explanation } = generatePlan(memoryTree(files), { extensions: false });
    expect(commandOf(plan, phase)).toBe(nixpacks);
    expect(explanation.decisions.map(({ by }) => by)).not.toContain(`extension ${name}`);
  });

  it('leaves the last word to the user', () => {
    const own = {
      ...files,
      'nixpacks.toml': '[start]\ncmd = "mine"\n[phases.build]\ncmds = ["make"]\n',
    };
    const { plan, explanation } = generatePlan(memoryTree(own));
    expect([plan.start?.cmd, plan.phases?.['build']?.cmds]).toEqual(['mine', ['make']]);
    expect(explanation.guesses).toEqual([]);
  });
});

describe('what extensions say', () => {
  const explained = (files: Files) => generatePlan(memoryTree(files)).explanation;

  it('names the other programs that could have been meant', () => {
    const files = { ...GO, 'cmd/admin/main.go': MAIN, 'cmd/server/main.go': MAIN };
    expect(explained(files).guesses).toEqual([
      'cmd/server is one of several programs (cmd/admin, cmd/server): name another folder of cmd in NIXPACKS_GO_BIN, or set build_cmd',
    ]);
  });

  it('says that a development server starts the program', () => {
    const { guesses } = explained(python('flask', { 'app.py': FLASK }));
    expect(guesses).toEqual([expect.stringMatching(/development server/)]);
  });

  it('takes the language behind a package.json that starts nothing', () => {
    const files = {
      'package.json': '{"devDependencies":{"prettier":"3"}}',
      ...python('flask', { 'app.py': FLASK }),
    };
    expect(generatePlan(memoryTree(files)).providers).toEqual(['python']);
    const building = { ...files, 'package.json': '{"scripts":{"build":"tailwindcss"}}' };
    expect(generatePlan(memoryTree(building)).providers).toEqual(['python', 'node']);
    expect(generatePlan(memoryTree(files), { extensions: false }).providers).toEqual(['node']);
  });
});

it('takes the directory of a program that Heroku alone has, and starts its own', () => {
  const files = {
    'composer.json': '{}',
    Procfile: 'web: heroku-php-apache2 web/',
    'web/index.php': '',
  };
  const { plan } = generatePlan(memoryTree(files));
  expect([plan.variables?.['NIXPACKS_PHP_ROOT_DIR'], plan.start?.cmd]).toEqual(['/app/web', PHP]);
  const nixpacks = generatePlan(memoryTree(files), { extensions: false }).plan;
  expect(nixpacks.start?.cmd).toBe('heroku-php-apache2 web/');
});

it('keeps what an extension guessed when an adaptation changes the command', () => {
  const files = { 'composer.json': '{}', artisan: '', 'public/index.php': '' };
  const { explanation } = generatePlan(memoryTree(files), { toolchain: 'debian' });
  expect(explanation.guesses).toEqual([expect.stringMatching(/APP_KEY/)]);
  const start = explanation.decisions.find(({ subject }) => subject === 'start command');
  expect(start).toMatchObject({ by: 'extension laravel, adaptation php-alone', instead: PHP });
});

describe('what is planned with bun', () => {
  const planned = (files: Files, toolchain = 'debian') =>
    generatePlan(memoryTree(files), { toolchain });

  it.each([
    ['bunfig.toml', { 'package.json': '{}', 'bunfig.toml': '' }],
    ['engines', { 'package.json': manifest({ engines: { bun: '>=1' } }) }],
    ['a README', { 'package.json': '{}', 'README.md': '```sh\nbun install\n```\n' }],
    ['a script', { 'package.json': manifest({ scripts: { build: 'bunx vite build' } }) }],
  ])('what %s says so', (_title, files: Files) => {
    const { plan, hints } = planned(files);
    expect(plan.phases?.['setup']?.nixPkgs).toContain('bun');
    expect(plan.phases?.['install']?.cmds).toEqual(['bun install --no-save']);
    expect(hints.dropDevDependencies ?? '').not.toContain('npm');
  });

  it('is what its version asks for', () => {
    const { hints } = planned({ 'package.json': manifest({ engines: { bun: '>=1.2' } }) });
    expect(hints.runtimes).toEqual([expect.objectContaining({ name: 'bun', version: '>=1.2' })]);
  });

  it.each([
    ['a lock file', { 'package-lock.json': '{}', 'bunfig.toml': '' }, {}],
    ['a packageManager', { 'bunfig.toml': '' }, { packageManager: 'npm@10.0.0' }],
    [
      'a start by Node',
      {},
      { scripts: { start: 'node a.js' }, devDependencies: { 'bun-types': '1' } },
    ],
    ['a README of more', { 'README.md': 'npm install\nor\nbun install\n' }, {}],
    ['tests', {}, { scripts: { start: 'node a.js', test: 'bun test' } }],
  ])('not what has %s', (_title, files: Files, more: object) => {
    const { plan } = planned({ 'package.json': manifest(more), ...files });
    expect(plan.phases?.['setup']?.nixPkgs).not.toContain('bun');
  });

  it('has Node where another program asks for it', () => {
    const setup = (dev: string) => {
      const files = {
        'package.json': manifest({ scripts: { dev, build: dev } }),
        'bunfig.toml': '',
      };
      return planned({ ...files, 'index.ts': '' }).plan.phases?.['setup']?.nixPkgs;
    };
    expect(setup('bun build index.ts')).toEqual(['bun']);
    expect(setup('bun x vite build')).toEqual(['nodejs_18', 'bun']);
  });

  it('is there beside npm when the start calls it', () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'bun app.ts' } }),
      'package-lock.json': '{}',
    };
    const { plan } = planned(files);
    expect(plan.phases?.['setup']?.nixPkgs).toEqual(['nodejs_18', 'npm-9_x', 'bun']);
    expect([plan.phases?.['install']?.cmds, plan.start?.cmd]).toEqual([
      ['npm ci'],
      'npm run start',
    ]);
  });
});

describe('what extensions leave alone', () => {
  it.each([
    [
      'main.py that asks for its port',
      python('fastapi\nuvicorn', { 'main.py': `${FASTAPI}import os\nos.environ["PORT"]\n` }),
      'python main.py',
    ],
    [
      'a script "start" for production',
      { 'package.json': depending(['next'], { scripts: { start: 'next start' } }) },
      'npm run start',
    ],
    [
      'a script that calls another',
      {
        'package.json': depending(['vite'], {
          scripts: { start: 'npm run serve', serve: 'node server.js' },
        }),
      },
      'npm run start',
    ],
    ...['vite preview', 'serve -s dist'].map((start): [string, Files, string] => [
      `a page that ${start} serves`,
      { 'package.json': depending(['vite', 'react'], { scripts: { start } }) },
      CADDY,
    ]),
    ['Flask in a comment', python('# flask\nrequests', { 'main.py': FLASK }), 'python main.py'],
    ['tests', python('flask', { 'main.py': '', 'tests/app.py': FLASK }), 'python main.py'],
  ])('%s', (_title, files: Files, cmd) => {
    expect(generatePlan(memoryTree(files)).plan.start?.cmd).toBe(cmd);
  });
});
