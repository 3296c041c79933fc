import { debianHas, isAskedFor } from './debian-version.js';
import type { Runtime } from './runtime.js';
import { executable } from './steps.js';

/** The applications of Erlang that libraries of Elixir name as theirs. */
const ERLANG = [
  'asn1',
  'base',
  'crypto',
  'eunit',
  'inets',
  'mnesia',
  'os-mon',
  'parsetools',
  'public-key',
  'runtime-tools',
  'ssh',
  'ssl',
  'syntax-tools',
  'tools',
  'xmerl',
].map((name) => `erlang-${name}`);
const BUILD = ['erlang-dev', 'gcc', 'g++', 'make', 'libc6-dev', 'git'] as const;
/** Hex is among Elixir's own libraries, as Debian's package puts it there. */
const HEX = '/usr/lib/elixir/lib/hex';

/**
 * Debian's Elixir on Erlang with Hex. `mix local.hex` has nothing to download where that is there, nor has `mix local.rebar`
 * where no library is built with it: Debian's Rebar would bring a graphical Erlang along.
 */
export const elixir: Runtime = {
  name: 'elixir',
  channel: 'debian',
  verified: "Debian's signed index",
  license: 'Apache-2.0',

  wanted: (attribute) =>
    /^elixir(?:_(1)_([0-9]+))?$/.exec(attribute)?.slice(1).filter(Boolean).join('.'),

  async resolve(wish, sources) {
    const version = await debianHas(sources, 'elixir');
    if (version === undefined) return undefined;
    if (!isAskedFor(version, wish)) return undefined;
    const hex = (await debianHas(sources, 'erlang-hex')) === undefined ? [] : ['erlang-hex'];
    return {
      version,
      archives: [],
      env: { MIX_HOME: '/opt/mix' },
      packages: { run: ['elixir', ...ERLANG, ...hex], build: BUILD },
    };
  },

  async available(sources) {
    const version = await debianHas(sources, 'elixir');
    return version === undefined ? [] : [version];
  },

  steps: () => ({
    run: [],
    build: [
      executable(
        'mix',
        'case "$1" in',
        `  local.hex) [ -d ${HEX} ] && echo "Hex is installed" && exit 0 ;;`,
        '  local.rebar) grep -qs ":rebar" mix.lock || { echo "No library needs Rebar"; exit 0; } ;;',
        'esac',
        'exec /usr/bin/mix "$@"',
      ),
    ],
  }),
};
