// Lets plain Node run the TypeScript sources of this workspace, for specs that start a real worker process:
// node --conditions=@nx-nixpack/source --require run-sources.cjs FILE.ts
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join, resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const OPTIONS = {
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};
const CACHE = join(tmpdir(), 'nx-nixpack-run-sources');
mkdirSync(CACHE, { recursive: true });

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  // TypeScript names the file that will be emitted.
  if (/^\.{1,2}\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts')) {
    const source = resolve(dirname(parent.filename), request.replace(/\.js$/, '.ts'));
    if (existsSync(source)) return source;
  }
  return resolveFilename.call(this, request, parent, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const text = readFileSync(filename, 'utf8');
  const cached = join(CACHE, createHash('sha256').update(filename).update(text).digest('hex'));
  if (!existsSync(cached)) {
    const { code } = transformSync(text, { ...OPTIONS, filename });
    writeFileSync(`${cached}.${process.pid}`, code);
    renameSync(`${cached}.${process.pid}`, cached);
  }
  module._compile(readFileSync(cached, 'utf8'), filename);
};
