import type { Provider } from './provider.js';
import { clojure } from './clojure.js';
import { cobol } from './cobol.js';
import { crystal } from './crystal.js';
import { dart } from './dart.js';
import { deno } from './deno.js';
import { csharp, fsharp } from './dotnet/index.js';
import { elixir } from './elixir.js';
import { gleam } from './gleam/index.js';
import { go } from './go.js';
import { haskell } from './haskell.js';
import { java } from './java/index.js';
import { lunatic } from './lunatic.js';
import { node } from './node/index.js';
import { php } from './php/index.js';
import { python } from './python/index.js';
import { ruby } from './ruby/index.js';
import { rust } from './rust/index.js';
import { scala } from './scala.js';
import { scheme } from './scheme.js';
import { staticfile } from './staticfile/index.js';
import { swift } from './swift/index.js';
import { zig } from './zig.js';

/** Every language, in the order in which detection asks. The first that says yes plans. */
export const PROVIDERS: readonly Provider[] = [
  crystal,
  csharp,
  dart,
  elixir,
  deno,
  fsharp,
  clojure,
  gleam,
  go,
  haskell,
  scheme,
  java,
  lunatic,
  scala,
  php,
  ruby,
  node,
  python,
  rust,
  swift,
  staticfile,
  zig,
  cobol,
];
