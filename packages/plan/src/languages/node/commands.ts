import type { Decision } from '../../plan/explanation.js';
import { moonApp, moonCommand } from './moon.js';
import type { NodeProject } from './project.js';
import { nxApp, nxBuildCommand, nxStartCommand } from './nx-app.js';
import { isServedByCaddy, SPA_START } from './single-page-app.js';
import { turborepo, turboBuildCommand, turboStartCommand } from './turborepo.js';

/** The first rule that applies; its `choice` is the command. */
export function buildCommand(project: NodeProject): Decision {
  const { source, env, manifest, manager } = project;
  const moon = moonApp(source, env);
  if (moon !== undefined)
    return built(moonCommand(moon.build, manager.oneOff), '.moon/workspace.yml');
  const nx = nxApp(source, env);
  if (nx !== undefined) return built(nxBuildCommand(nx, manager.oneOff), nx.because);
  const turbo = turborepo(source, env);
  const command = turbo && turboBuildCommand(turbo, manager);
  if (command !== undefined) return built(command, 'turbo.json');
  if (manifest.scripts?.has('build') === true)
    return built(`${manager.name} run build`, 'script "build" of package.json');
  return built(undefined, 'package.json has no script "build"');
}

export function startCommand(project: NodeProject): Decision {
  const { source, env, manifest, manager } = project;
  const moon = moonApp(source, env);
  if (moon !== undefined)
    return started(moonCommand(moon.start, manager.oneOff), '.moon/workspace.yml');
  const nx = nxApp(source, env);
  if (nx !== undefined) return started(nxStartCommand(nx, manager.oneOff), nx.because);
  const turbo = turborepo(source, env);
  const command = turbo && turboStartCommand(turbo, source, manager, manifest);
  if (command !== undefined) return started(command, 'turbo.json');
  if (isServedByCaddy(source, env, manifest))
    return started(SPA_START, 'a single-page app of Vite, served by caddy');
  if (manifest.scripts?.has('start') === true)
    return started(`${manager.name} run start`, 'script "start" of package.json');
  return entryPoint(project);
}

function entryPoint({ source, manifest, manager }: NodeProject): Decision {
  const executor = manager.name === 'bun' ? 'bun' : 'node';
  const { main } = manifest;
  if (main !== undefined && source.has(main))
    return started(`${executor} ${main}`, '"main" of package.json');
  if (source.has('index.js')) return started(`${executor} index.js`, 'index.js');
  if (executor === 'bun' && source.has('index.ts')) return started('bun index.ts', 'index.ts');
  return started(undefined, 'no script "start", no "main" that exists, no index.js');
}

const built = (choice: string | undefined, because: string): Decision => ({
  subject: 'build command',
  choice,
  because,
});
const started = (choice: string | undefined, because: string): Decision => ({
  subject: 'start command',
  choice,
  because,
});
