import type { Amendment } from '../amendments/amendment.js';
import { textOf } from '../source/manifest.js';
import { startExtension } from './start.js';

/** A build has no database that it could set up. */
export const elixirBuild: Amendment = {
  name: 'elixir-build',
  providers: ['elixir'],
  amend({ plan, over }) {
    const build = plan.phases?.['build'];
    if (build?.cmds?.includes('mix ecto.setup') !== true || over.phases?.['build']?.cmds)
      return undefined;
    const cmds = build.cmds.filter((command) => command !== 'mix ecto.setup');
    return {
      plan: { ...plan, phases: { ...plan.phases, build: { ...build, cmds } } },
      decisions: [
        {
          subject: 'database',
          choice: 'not set up by the build',
          because: 'a build reaches no database: run `mix ecto.setup` against yours',
        },
      ],
    };
  },
};

/** Phoenix with the key that it refuses to start without; other applications run until they are ended. */
export const elixirStart = startExtension('elixir-start', ['elixir'], ({ source }) => {
  const mix = textOf(source, 'mix.exs');
  if (!/:phoenix\b/.test(mix))
    return { cmd: 'mix run --no-halt', because: 'mix.exs has no phoenix' };
  const usesKey = /SECRET_KEY_BASE/.test(
    textOf(source, 'config/runtime.exs') +
      textOf(source, 'config/prod.exs') +
      textOf(source, 'config/releases.exs'),
  );
  if (!usesKey) return undefined;
  return {
    cmd: 'export SECRET_KEY_BASE="${SECRET_KEY_BASE:-$(head -c 64 /dev/urandom | base64 -w 0)}" PHX_SERVER=true PORT="${PORT:-4000}" && mix phx.server',
    because: 'phoenix of mix.exs, whose configuration asks for SECRET_KEY_BASE',
    guess:
      'SECRET_KEY_BASE is made anew at each start while it is not set, and sessions end with it: set it in env',
    port: 4000,
  };
});
