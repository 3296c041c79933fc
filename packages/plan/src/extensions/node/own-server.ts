import { SPA_START } from '../../languages/node/single-page-app.js';
import type { BuildPlan } from '../../plan/build-plan.js';
import { startExtension } from '../start.js';
import { isDevelopment, nodeQuestion } from './project.js';
import { commandsOf } from './scripts.js';

/** Programs that serve files as caddy does. */
const FILES: ReadonlySet<string> = new Set([
  'serve',
  'http-server',
  'sirv',
  'local-web-server',
  'ws',
]);

/** What Vite builds may be a page and the server behind it: a script "start" that runs one is the source's word. */
export const ownServer = startExtension('own-server', ['node'], (asked) => {
  const { plan, manifest, manager } = nodeQuestion(asked);
  const script = manifest.scripts?.get('start');
  if (plan.start?.cmd !== SPA_START || script === undefined) return undefined;
  const commands = commandsOf(manifest, script);
  if (commands.length === 0 || commands.some(isDevelopment)) return undefined;
  if (commands.some(([program = '']) => FILES.has(program) || program === 'caddy'))
    return undefined;
  return {
    cmd: `${manager.name} run start`,
    because: 'script "start" of package.json runs a server of its own',
    plan: withoutCaddy(plan),
  };
});

function withoutCaddy({ staticAssets: _assets, ...plan }: BuildPlan): BuildPlan {
  const { caddy: _caddy, ...phases } = plan.phases ?? {};
  return { ...plan, phases };
}
