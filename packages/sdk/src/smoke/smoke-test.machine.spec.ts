import { SmokeWorkspace, type Program } from './smoke-workspace.contract.js';

const workspace = new SmokeWorkspace();
afterAll(() => workspace.remove());

const manifest = (start: string, more: object = {}): string =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts: { start }, ...more });

/** A Node program of one file, which needs no install. */
const node = (main: string, more: Partial<Program> = {}): Program => ({
  base: 'node-build',
  files: { 'package.json': manifest('node main.js'), 'main.js': main },
  ...more,
  vars: `install_cmd: ":", start_cmd: "node main.js"${more.vars === undefined ? '' : `, ${more.vars}`}`,
});
const python = (main: string, more: Partial<Program> = {}): Program => ({
  base: 'python',
  files: { 'main.py': main },
  ...more,
});
const serve = (where: string): string =>
  `require('node:http').createServer((_, to) => to.end('hi')).listen(${where}, () => console.log('listening'));`;
const GO_MAIN = (body: string, imports = 'fmt'): string =>
  `package main\n\nimport (\n${imports
    .split(' ')
    .map((name) => `\t"${name}"`)
    .join('\n')}\n)\n\nfunc main() {\n${body}\n}\n`;
const GO_SERVER = GO_MAIN(
  '\thttp.ListenAndServe(":8080", http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) { fmt.Fprint(to, "hi") }))',
  'fmt net/http',
);
const goModule = (
  files: Readonly<Record<string, string>>,
  more: Partial<Program> = {},
): Program => ({
  base: 'go-build',
  runBase: 'go-run',
  files: { 'go.mod': 'module example.com/x\n\ngo 1.19\n', ...files },
  ...more,
  vars: `install_cmd: ":"${more.vars === undefined ? '' : `, ${more.vars}`}`,
});
const PORTS = 'image: { ports: [8080] }';
/** The header of a program for another kind of machine: RISC-V, for which nothing is built here. */
const FOREIGN = Buffer.concat([
  Buffer.from('7f454c460201010000000000000000000200f30001000000', 'hex'),
  Buffer.alloc(104),
]);

const WRONG: Readonly<Record<string, readonly [Program, RegExp]>> = {
  'several-programs': [
    goModule(
      {
        'cmd/admin/main.go': GO_MAIN('\tfmt.Println("usage: admin COMMAND")'),
        'cmd/server/main.go': GO_SERVER,
      },
      { settings: 'extensions: false' },
    ),
    /cmd\/ holds several programs \(admin, server\).*NIXPACKS_GO_BIN: server/,
  ],
  dashes: [
    {
      base: 'python',
      files: {
        'pyproject.toml': '[project]\nname = "my-tool"\nversion = "1"\n',
        'my_tool/__main__.py': 'print("hi")\n',
        'my_tool/__init__.py': '',
      },
      vars: 'install_cmd: "python -m venv --copies /opt/venv"',
      settings: 'extensions: false',
    },
    /"my-tool" cannot be the name of a Python module.*start_cmd: python -m my_tool, since my_tool is in the source/,
  ],
  'port-ignored': [
    node(serve('3000'), { vars: `env: { PORT: "8080" }` }),
    /listens on port 3000, and not on port 8080: it does not read PORT, which is 8080, and listens on 3000/,
  ],
  'other-port': [
    node(serve('3000'), { vars: PORTS }),
    /it listens on 3000, and 8080 is what the image exposes\. Declare ports: \[3000\]/,
  ],
  'loopback-only': [
    node(serve(`8080, '127.0.0.1'`), { vars: PORTS }),
    /listens on 127\.0\.0\.1:8080 only: nobody outside of its container.*0\.0\.0\.0/,
  ],
  privileged: [
    node(serve('80'), { vars: 'image: { ports: [80] }' }),
    /who is not root cannot listen on port 80\. Let it listen on PORT/,
  ],
  'development-package': [
    node(`require('express')`, {
      files: {
        'package.json': manifest('node main.js', { devDependencies: { express: '1' } }),
        'main.js': `require('express')`,
      },
    }),
    /exit code 1: the package express is not in the image\. Move express from devDependencies/,
  ],
  'no-package': [
    node('', {
      files: {
        'package.json': manifest('node main.js', { type: 'module' }),
        'main.js': `import 'fastify'`,
      },
    }),
    /the package fastify is not in the image\. Add fastify to the dependencies/,
  ],
  'no-program': [
    { ...node(''), vars: 'install_cmd: ":", start_cmd: "next start"' },
    /exit code 127: the program "next" is not in the image/,
  ],
  'no-permission': [
    {
      ...node(''),
      files: { 'package.json': manifest('x'), 'run.sh': '#!/bin/sh\n' },
      vars: 'install_cmd: ":", start_cmd: "./run.sh"',
    },
    /exit code 126: \.\/run\.sh has no execute permission/,
  ],
  'carriage-return': [
    {
      ...node(''),
      files: { 'package.json': manifest('x'), 'run.sh': '#!/bin/sh\r\necho hi\r\n' },
      executable: ['run.sh'],
      vars: 'install_cmd: ":", start_cmd: "./run.sh"',
    },
    /run\.sh needs an interpreter or loader that is not in the image/,
  ],
  'other-machine': [
    {
      ...node(''),
      files: { 'package.json': manifest('x'), tool: FOREIGN },
      executable: ['tool'],
      vars: 'install_cmd: ":", start_cmd: "./tool"',
    },
    /tool is made for another kind of machine/,
  ],
  database: [
    node(`require('node:net').connect(5432, '127.0.0.1')`),
    /it needs PostgreSQL \(port 5432\), which a single start does not have/,
  ],
  'database-by-name': [
    node(`require('node:http').get('http://db.internal:5984/')`),
    /it needs the service db\.internal/,
  ],
  variable: [
    python(`import os\nurl = os.environ['DATABASE_URL']\n`),
    /it needs the variable DATABASE_URL\. Set DATABASE_URL in smoke/,
  ],
  ownership: [
    node(`require('node:fs').mkdirSync('/data')`),
    /\/data is not its to write or read \(it runs as 65532:65532\)/,
  ],
  silent: [python('app = object()\n'), /printed nothing: "python main\.py" does its work and ends/],
  'python-package': [
    python('import flask\n'),
    /the Python module flask is not in the image\. Add the package that brings flask/,
  ],
  library: [
    python(`import ctypes\nctypes.CDLL('libmissing.so.1')\n`),
    /the shared library libmissing\.so\.1 is not in the image/,
  ],
  'time-zone': [
    python(`import zoneinfo\nzoneinfo.ZoneInfo('Europe/Berlin')\n`),
    /knows no time zone Europe\/Berlin/,
  ],
  'nothing-listens': [
    node('setInterval(() => {}, 1000)', { vars: PORTS, settings: 'smoke: { seconds: 3 }' }),
    /does not listen on port 8080 within .*: it runs and nothing listens/,
  ],
  'no-answer': [
    node(`require('node:net').createServer(() => {}).listen(8080)`, {
      vars: PORTS,
      settings: 'smoke: { seconds: 3 }',
    }),
    /listens on port 8080 and answers nothing within/,
  ],
  unhealthy: [
    node(serve('8080').replace("to.end('hi')", 'to.writeHead(503).end()'), {
      vars: PORTS,
      settings: 'smoke: { http: /health, seconds: 3 }',
    }),
    /answers \/health with 503/,
  ],
  'wrong-command': [
    node('', { settings: 'smoke: { command: "exit 3" }' }),
    /smoke\.command ended with exit code 3/,
  ],
};

it.each(Object.entries(WRONG))('catches %s', async (name, [program, said]) => {
  const { warnings } = await workspace.build(name, program);
  expect(warnings.join('\n')).toMatch(said);
});

const RIGHT: Readonly<Record<string, readonly [Program, RegExp]>> = {
  'node-server': [
    node(serve('process.env.PORT'), { vars: 'env: { PORT: "8080" }' }),
    /listens on port 8080 and answers 200/,
  ],
  'go-server': [goModule({ 'main.go': GO_SERVER }), /listens on port 8080 and answers 200/],
  'python-server': [
    python(
      'from http.server import *\nHTTPServer(("", 9000), SimpleHTTPRequestHandler).serve_forever()\n',
    ),
    /listens on port 9000 and answers 200/,
  ],
  'static-site': [
    { base: 'static', files: { 'index.html': 'hi' } },
    /listens on port 8080 and answers 200/,
  ],
  worker: [
    node(`console.log('working'); setInterval(() => {}, 1000)`),
    /runs and listens on no port/,
  ],
  tool: [python('print("done")\n'), /exit code 0; it is taken for a program that only prints/],
  gateway: [
    node(`require('node:net').createServer((one) => one.end('220 hello')).listen(2525)`),
    /speaks no HTTP/,
  ],
  'with-command': [
    node('', { settings: 'smoke: { command: "test $GREETING = hi", env: { GREETING: hi } }' }),
    /smoke\.command ended with exit code 0/,
  ],
  'with-variable': [
    node(`if (!process.env.KEY) throw 1; ${serve('8080')}`, {
      vars: PORTS,
      settings: 'smoke: { mode: require, http: /up, env: { KEY: a } }',
    }),
    /answers \/up with 200/,
  ],
  writer: [
    node(`require('node:fs').writeFileSync('/app/package.json', '{}'); console.log('ok')`),
    /exit code 0/,
  ],
};

it.each(Object.entries(RIGHT))('says nothing against %s', async (name, [program, said]) => {
  const { warnings, steps } = await workspace.build(name, program);
  expect(warnings).toEqual([]);
  expect(steps.join('\n')).toMatch(said);
});

it('fails the build where that is required, with what the program printed and no secret', async () => {
  const main = `console.log('token', process.env.TOKEN); throw new Error('no luck')`;
  const program = node(main, { settings: 'smoke: require' });
  await expect(workspace.build('required', program)).rejects.toMatchObject({
    code: 'SMOKE_FAILED',
    message: expect.stringMatching(
      /^The image of required was built, and ended at once.*\| Error: no luck/s,
    ),
  });
});

it('starts nothing where it is off', async () => {
  const { warnings, steps } = await workspace.build(
    'off',
    node('throw 1', { settings: 'smoke: off' }),
  );
  expect([warnings, steps]).toEqual([[], []]);
});
