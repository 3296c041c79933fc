import type { Provider } from '../provider.js';
import { clojure } from './clojure.js';
import { cobol } from './cobol.js';
import { crystal } from './crystal.js';
import { csharp } from './csharp.js';
import { dart } from './dart.js';
import { deno } from './deno.js';
import { elixir } from './elixir.js';
import { fsharp } from './fsharp.js';
import { gleam } from './gleam.js';
import { go } from './go.js';
import { haskell } from './haskell.js';
import { java } from './java.js';
import { lunatic } from './lunatic.js';
import { node } from './node.js';
import { php } from './php.js';
import { python } from './python.js';
import { ruby } from './ruby.js';
import { rust } from './rust.js';
import { scala } from './scala.js';
import { scheme } from './scheme.js';
import { staticfile } from './staticfile.js';
import { swift } from './swift.js';
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
