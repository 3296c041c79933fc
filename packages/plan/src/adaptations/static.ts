import type { Amendment } from '../amendments/amendment.js';

const PORT = 8080;
const HOME = '/tmp/nginx';
const START = [
  `mkdir -p ${HOME}`,
  `cp -R /assets/. ${HOME}`,
  `sed -i "s/0.0.0.0:80/0.0.0.0:\${PORT:-${PORT}}/" ${HOME}/nginx.conf`,
  `exec nginx -e /dev/stderr -c ${HOME}/nginx.conf`,
].join(' && ');

/** nginx for any user: its settings are written where everyone may write, and its port is none of the privileged ones. */
export const unprivilegedNginx: Amendment = {
  name: 'unprivileged-nginx',
  providers: ['staticfile'],
  amend({ plan, hints, over, context }) {
    // With an image of the user's own the plan stays what it was made for.
    if (context.toolchain !== 'debian' || over.start?.cmd !== undefined) return undefined;
    return {
      plan: { ...plan, start: { ...plan.start, cmd: START } },
      hints: { ...hints, ports: [PORT] },
      decisions: [
        {
          subject: 'start command',
          choice: START,
          because: 'who is not root can change no file of /assets and has no port 80',
        },
      ],
    };
  },
};
