import type { Amendment } from '../../amendments/amendment.js';
import { nodeRuntimes } from '../../languages/node/runtimes.js';
import type { BuildPlan, Phase } from '../../plan/build-plan.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { bunSign } from './bun-sign.js';
import { nodeQuestion, type NodeQuestion } from './project.js';
import { callsBun, commandsOf } from './scripts.js';

/** bun for a source that is written for it and has no lock file; beside another manager where only the start calls it. */
export const bun: Amendment = {
  name: 'bun',
  providers: ['node'],
  amend(asked) {
    const question = nodeQuestion(asked);
    const { source, env, manifest, manager } = question;
    const because = bunSign(source, manifest);
    if (because === undefined) return besides(question);
    const isAlone = bunAlone(question);
    const runtimes = nodeRuntimes({ source, env, manifest, manager }).filter(
      ({ name }) => !isAlone || name !== 'node',
    );
    const plan = planned(asked.plan, isAlone);
    const cmd = plan.start?.cmd;
    return {
      plan,
      hints: { ...asked.hints, runtimes },
      decisions: [
        { subject: 'package manager', choice: 'bun', because },
        ...(cmd === asked.plan.start?.cmd
          ? []
          : [{ subject: 'start command', choice: cmd, because }]),
      ],
    };
  },
};

function planned(plan: BuildPlan, isAlone: boolean): BuildPlan {
  const { setup, install, build } = plan.phases ?? {};
  const cmd = plan.start?.cmd;
  return {
    ...plan,
    phases: {
      ...plan.phases,
      ...(setup && {
        setup: {
          ...setup,
          nixPkgs: packages(setup.nixPkgs ?? [], isAlone),
          nixpkgsArchive: ARCHIVES.bun,
        },
      }),
      ...(install && { install: { ...withBun(install), cacheDirectories: ['/root/.bun'] } }),
      ...(build && { build: withBun(build) }),
    },
    ...(cmd === undefined ? {} : { start: { ...plan.start, cmd: spoken(cmd) } }),
  };
}

/** Node goes where all that is built and started is bun's: bun stands in for it when a package asks. */
function bunAlone({ plan, manifest }: NodeQuestion): boolean {
  const commands = [...(plan.phases?.['build']?.cmds ?? []), plan.start?.cmd ?? ''];
  return commands
    .flatMap((command) => commandsOf(manifest, command))
    .every(([program]) => program === 'bun');
}

const packages = (names: readonly string[], isAlone: boolean): readonly string[] =>
  names
    .filter((name) => !(isAlone && name.startsWith('nodejs')))
    .map((name) => (name.startsWith('npm-') ? 'bun' : name));

const withBun = (phase: Phase): Phase =>
  phase.cmds === undefined ? phase : { ...phase, cmds: phase.cmds.map(spoken) };

/** nixpacks' words for npm in those of bun. */
const spoken = (command: string): string =>
  command
    .replace(/^npm (?:i|ci)$/, 'bun install --no-save')
    .replace(/\bnpm run (?=[\w:.-]+$)/, 'bun run ');

/** Another manager's lock file stands, and yet the program is started by bun. */
function besides({ plan, manifest, manager }: NodeQuestion): ReturnType<Amendment['amend']> {
  const setup = plan.phases?.['setup'];
  const cmd = plan.start?.cmd;
  if (setup === undefined || cmd === undefined || manager.name === 'bun') return undefined;
  if (!callsBun(manifest, cmd)) return undefined;
  return {
    plan: {
      ...plan,
      phases: { ...plan.phases, setup: { ...setup, nixPkgs: [...(setup.nixPkgs ?? []), 'bun'] } },
    },
    decisions: [{ subject: 'bun', choice: 'brought', because: 'the start command calls it' }],
  };
}
