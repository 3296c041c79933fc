import { setting } from './environment.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import type { Decision } from '../plan/explanation.js';
import { requireText, textOf } from '../source/manifest.js';
import { ARCHIVES } from '../plan/nixpkgs-archives.js';
import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import { WHITE } from '../source/plain-text.js';
import type { Environment, Provider } from './provider.js';
import { parseVersion } from './python/version.js';
import type { SourceTree } from '../source/source-tree.js';

/** Minor versions of Elixir 1 that have a package of their own. Origin: nixpacks 1.41.0 (2025). */
export const ELIXIR_MINORS = { oldest: 9, newest: 17 } as const;
const MIX_VERSION = new RegExp(`elixir:[${WHITE}][^\\n]*[> ]([0-9.|]+)`);
const MIX_REQUIREMENT = /\belixir:\s*"([^"]+)"/;

export const elixir: Provider = {
  name: 'elixir',

  detect: (source) => source.has('mix.exs'),

  plan(source, env) {
    const mix = requireText(source, 'mix.exs');
    const version = elixirVersion(source, env, mix);
    return {
      plan: {
        variables: { MIX_ENV: 'prod', ELIXIR_ERL_OPTIONS: '+fnu' },
        phases: {
          setup: setupPhase([version.choice, 'gcc'], {
            nixLibs: ['stdenv.cc.cc.lib'],
            nixpkgsArchive: ARCHIVES.elixir,
          }),
          install: installPhase([
            'mix local.hex --force',
            'mix local.rebar --force',
            'mix deps.get --only prod',
          ]),
          build: buildPhase(buildCommands(mix)),
        },
        start: { cmd: 'mix phx.server' },
      },
      hints: {
        installInputsReason: 'mix.exs is code, and may read any file of the source',
        // Hex and Rebar, where they are not installed with Elixir.
        outputs: ['/root/.mix', '/opt/mix'],
        runtimes: elixirWish(source, env, mix),
      },
      decisions: [version],
    };
  },
};

function elixirVersion(
  source: SourceTree,
  env: Environment,
  mix: string,
): Decision & { readonly choice: string } {
  const [because, text] = wantedVersion(source, env, mix);
  const [major, minor] = parseVersion(text ?? '') ?? [];
  const { oldest, newest } = ELIXIR_MINORS;
  const known =
    major === '1' &&
    Number(minor) >= oldest &&
    Number(minor) <= newest &&
    minor === String(Number(minor));
  return { subject: 'elixir version', choice: known ? `elixir_1_${minor}` : 'elixir', because };
}

/** What mix.exs requires, in its own words; other files name a version whose patch does not matter. */
function elixirWish(source: SourceTree, env: Environment, mix: string): readonly RuntimeWish[] {
  const [from, text] = wantedVersion(source, env, mix);
  const named = from.endsWith('mix.exs') ? undefined : /[0-9]+\.[0-9]+/.exec(text ?? '')?.[0];
  if (named !== undefined) return [{ name: 'elixir', version: named, from }];
  const version = MIX_REQUIREMENT.exec(mix)?.[1];
  return version === undefined ? [] : [{ name: 'elixir', version, from: '"elixir:" of mix.exs' }];
}

function wantedVersion(
  source: SourceTree,
  env: Environment,
  mix: string,
): readonly [string, string | undefined] {
  const variable = setting(env, 'ELIXIR_VERSION');
  if (variable !== undefined) return ['NIXPACKS_ELIXIR_VERSION', variable];
  if (source.has('.elixir-version')) return ['.elixir-version', textOf(source, '.elixir-version')];
  const found = MIX_VERSION.exec(mix)?.[1];
  return found === undefined ? ['the default', undefined] : ['"elixir:" of mix.exs', found];
}

function buildCommands(mix: string): readonly string[] {
  return [
    'mix compile',
    ...(mix.includes('assets.deploy') ? ['mix assets.deploy'] : []),
    ...(mix.includes('postgrex') && mix.includes('ecto') ? ['mix ecto.setup'] : []),
  ];
}
