import { bun } from './bun.js';
import { caddy } from './caddy.js';
import { cobol } from './cobol.js';
import { crystal } from './crystal.js';
import { deno } from './deno.js';
import { elixir } from './elixir.js';
import { erlang } from './erlang.js';
import { go } from './go.js';
import { gradle } from './gradle.js';
import { guile } from './guile.js';
import { haskell } from './haskell.js';
import { haunt } from './haunt.js';
import { java } from './java.js';
import { leiningen } from './leiningen.js';
import { maven } from './maven.js';
import { nginx } from './nginx.js';
import { node } from './node.js';
import { npm } from './npm.js';
import { php } from './php.js';
import { pnpm } from './pnpm.js';
import { python } from './python/index.js';
import { ruby } from './ruby.js';
import { rust } from './rust.js';
import { scala } from './scala.js';
import { swift } from './swift.js';
import { yarn } from './yarn.js';
import { zig } from './zig.js';
import type { Runtime } from './runtime.js';
import { UNAVAILABLE } from './unavailable.js';

/** Every runtime that `toolchain: debian` can bring; their steps run in this order. */
export const RUNTIMES: readonly Runtime[] = [
  bun,
  caddy,
  cobol,
  crystal,
  deno,
  elixir,
  erlang,
  go,
  gradle,
  guile,
  haskell,
  haunt,
  java,
  leiningen,
  maven,
  nginx,
  node,
  npm,
  php,
  pnpm,
  python,
  ruby,
  rust,
  scala,
  swift,
  yarn,
  zig,
  ...UNAVAILABLE,
];
