import { caddy } from './caddy.js';
import { cobol } from './cobol.js';
import { crystal } from './crystal.js';
import { elixir } from './elixir.js';
import { erlang } from './erlang.js';
import { gradle } from './gradle.js';
import { guile } from './guile.js';
import { haskell } from './haskell.js';
import { haunt } from './haunt.js';
import { java } from './java.js';
import { leiningen } from './leiningen.js';
import { maven } from './maven.js';
import { nginx } from './nginx.js';
import { php } from './php.js';
import { ruby } from './ruby.js';
import { rust } from './rust.js';
import { scala } from './scala.js';
import { swift } from './swift.js';
import type { Runtime } from './runtime.js';
import { UNAVAILABLE } from './unavailable.js';

/** Every runtime that `toolchain: debian` can bring. */
export const RUNTIMES: readonly Runtime[] = [
  caddy,
  cobol,
  crystal,
  elixir,
  erlang,
  gradle,
  guile,
  haskell,
  haunt,
  java,
  leiningen,
  maven,
  nginx,
  php,
  ruby,
  rust,
  scala,
  swift,
  ...UNAVAILABLE,
];
