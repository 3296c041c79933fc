import { programsDemanded } from './demands.js';

it.each<[string, readonly string[]]>([
  ['npm ci && npm run build', ['npm']],
  ['NODE_ENV=production exec node main.js | cat', ['node']],
  ['corepack enable && yarn install', ['corepack']],
  ['npm install -g pnpm@9.1.0 && pnpm i', ['npm']],
  ['npm install -g corepack@0.24.1 && corepack enable', ['npm']],
  ['npm install --global @yarnpkg/cli-dist@4.9.2 && yarn install', ['npm']],
  ['python -m venv /opt/venv && . /opt/venv/bin/activate && pip install -r x', []],
  ['python -m venv /opt/venv; pip install x', ['python']],
  ['./out; /opt/tools/node x; $RUNNER php', []],
  ['if [ -f x ]; then node x; fi', []],
  ['echo "node; npm" && true', []],
  ['(cd web && npm ci)', ['npm']],
  ['gunicorn main:app', []],
])('%s', (line, wanted) => {
  expect(programsDemanded([line])).toEqual(wanted);
});

it('remembers what earlier lines brought', () => {
  expect(programsDemanded(['pip install poetry', 'apt-get install -y nginx', 'nginx -v'])).toEqual([
    'pip',
  ]);
});
