import type { Amendment } from '../amendments/amendment.js';
import { denoProgram } from './deno.js';
import { elixirBuild, elixirStart } from './elixir.js';
import { goCgo, goProcfile, goProgram } from './go.js';
import { javaProgram } from './java.js';
import { nx } from './node/nx.js';
import { laravel, phpRoot, symfony } from './php.js';
import { rack, rails, rubyProgram } from './ruby.js';
import { rustProgram } from './rust.js';
import { zigProgram } from './zig.js';
import { bun } from './node/bun.js';
import { next, nodeFrameworks } from './node/frameworks.js';
import { nodeProgram, productionScript } from './node/program.js';
import { ownServer } from './node/own-server.js';
import { staticSite } from './node/static-site.js';
import { asgi } from './python/asgi.js';
import { chainlit, dash, gradio, streamlit } from './python/data-apps.js';
import { django } from './python/django.js';
import { djangoStatic } from './python/django-static.js';
import { flask } from './python/flask.js';
import { pythonProgram } from './python/program.js';
import { poetry, setuptools } from './python/tools.js';

/**
 * What we answer where nixpacks finds nothing, or something that would not run: mostly start commands. Each is asked in this
 * order, with what the ones before it changed. docs/concepts/extensions.md says what they do; `extensions: false` leaves them out.
 */
export const EXTENSIONS: readonly Amendment[] = [
  poetry,
  setuptools,
  django,
  djangoStatic,
  streamlit,
  chainlit,
  gradio,
  dash,
  asgi,
  flask,
  pythonProgram,
  nx,
  next,
  ...nodeFrameworks,
  ownServer,
  staticSite,
  productionScript,
  nodeProgram,
  bun,
  denoProgram,
  goProgram,
  goCgo,
  goProcfile,
  rustProgram,
  javaProgram,
  rails,
  rack,
  rubyProgram,
  phpRoot,
  symfony,
  laravel,
  elixirBuild,
  elixirStart,
  zigProgram,
];
