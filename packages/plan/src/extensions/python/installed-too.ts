import type { Question } from '../../amendments/amendment.js';
import { VENV } from '../../languages/python/install.js';
import type { Start } from '../start.js';

/** The plan with a distribution that the source needs and does not name, installed beside its dependencies. */
export function installedToo({ plan }: Question, distribution: string): Pick<Start, 'plan'> {
  const install = plan.phases?.['install'];
  if (install?.cmds === undefined) return {};
  const command = `. ${VENV}/bin/activate && pip install ${distribution}`;
  const phase = { ...install, cmds: [...install.cmds, command] };
  return { plan: { ...plan, phases: { ...plan.phases, install: phase } } };
}
