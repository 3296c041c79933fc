import type { Amendment } from '../amendments/amendment.js';
import type { BuildPlan, Phase } from '../plan/build-plan.js';

const TARGET = /\b(?:x86_64|aarch64)-unknown-linux-musl\b/;

/** Programs of Rust are compiled for the C library that is there, and run beside the files of their source. */
export const withoutMusl: Amendment = {
  name: 'without-musl',
  providers: ['rust'],
  amend({ plan }) {
    const { setup, build } = plan.phases ?? {};
    if (setup?.nixPkgs?.some((name) => TARGET.test(name)) !== true) return undefined;
    const phases = {
      ...plan.phases,
      setup: {
        ...setup,
        nixPkgs: setup.nixPkgs.filter((name) => !/^musl/.test(name)).map(withoutTarget),
      },
      ...(build === undefined ? {} : { build: withoutTargets(build) }),
    };
    return {
      plan: { ...plan, phases, ...startOf(plan) },
      decisions: [
        {
          subject: 'rust target',
          choice: "the machine's own",
          because: 'nothing brings the C library musl',
        },
      ],
    };
  },
};

/** `(rust-bin.stable.latest.default.override { targets = ["…-musl"]; })` without what it overrides. */
const withoutTarget = (name: string): string =>
  TARGET.test(name) ? name.replace(/^\((.*)\.override \{.*\}\)$/, '$1') : name;

const withoutTargets = (build: Phase): Phase => ({
  ...build,
  ...(build.cmds === undefined
    ? {}
    : {
        cmds: build.cmds.map((command) =>
          command
            .replace(new RegExp(` --target ${TARGET.source}`), '')
            .replace(new RegExp(`target/${TARGET.source}/`), 'target/'),
        ),
      }),
});

/** A static program was taken out of its source; this one stays with the files that it may read. */
function startOf({ start }: BuildPlan): Pick<BuildPlan, 'start'> {
  if (start === undefined) return {};
  const { runImage: _run, onlyIncludeFiles: _only, ...kept } = start;
  return { start: kept };
}
