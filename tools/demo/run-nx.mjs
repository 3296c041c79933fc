import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SetupError } from '../setup/command.mjs';

/** What Nx and Jest around us have set must not steer the Nx of the working copy. */
export function nxEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|JEST_|npm_|FORCE_COLOR)/.test(name) || name === 'NX_NIXPACK_STORE',
  );
  return {
    ...Object.fromEntries(kept),
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    CI: 'true',
    ...extra,
  };
}

/** Runs Nx in a workspace and shows what it prints. */
export async function runNx(workspace, args, extra = {}) {
  const nx = join(workspace, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const child = spawn(process.execPath, [nx, ...args], {
    cwd: workspace,
    env: { ...nxEnvironment(extra), NX_CACHE_DIRECTORY: join(workspace, '.nx', 'cache') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const code = await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (status) => done(status ?? 1));
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  if (code !== 0)
    throw new SetupError(
      `nx ${args.join(' ')} failed with code ${code}`,
      'Its output above says which task and why.',
    );
}
