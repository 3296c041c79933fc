import type { Amendment } from '../amendments/amendment.js';
import type { BuildPlan } from '../plan/build-plan.js';
import { PRESTART_PHP } from './prestart-php.js';

const PORT = 8080;
const OUTPUT = '/tmp/nginx.conf';
const NODE = /^(?:nodejs_|npm-|pnpm-|yarn-|bun$)/;
/** nixpacks' preparation of nginx.conf, which is a program of Node. */
const PREPARED =
  /^(.*&& )?node \/assets\/scripts\/prestart\.mjs (\S+) \/nginx\.conf && \(php-fpm -y (\S+) & nginx -c \/nginx\.conf\)$/;

/**
 * PHP prepares its server itself: Node is there only where package.json asks for it. The settings are written where everyone may
 * write, and the port is none of the privileged ones.
 */
export const phpAlone: Amendment = {
  name: 'php-alone',
  providers: ['php'],
  amend({ source, plan, hints, env, over }) {
    const [, before = '', template, fpm] = PREPARED.exec(plan.start?.cmd ?? '') ?? [];
    if (template === undefined || fpm === undefined || over.start?.cmd !== undefined)
      return undefined;
    const choice = `${before}php /assets/prestart.php ${template} ${OUTPUT} && (php-fpm -y ${fpm} & exec nginx -c ${OUTPUT})`;
    const port = env.has('PORT') ? {} : { PORT: String(PORT) };
    const bare = source.has('package.json') ? plan : withoutNode(plan);
    const { writable: _writable, ...others } = hints;
    return {
      plan: {
        ...bare,
        variables: { ...bare.variables, ...port },
        staticAssets: { ...bare.staticAssets, 'prestart.php': PRESTART_PHP },
        start: { ...bare.start, cmd: choice },
      },
      hints: env.has('PORT') ? others : { ...others, ports: [PORT] },
      decisions: [
        {
          subject: 'start command',
          choice,
          because:
            'PHP writes the settings of nginx, so that Node is not needed and any user may start it',
        },
      ],
    };
  },
};

function withoutNode(plan: BuildPlan): BuildPlan {
  const setup = plan.phases?.['setup'];
  const nixPkgs = setup?.nixPkgs?.filter((name) => !NODE.test(name));
  return nixPkgs === undefined
    ? plan
    : { ...plan, phases: { ...plan.phases, setup: { ...setup, nixPkgs } } };
}
