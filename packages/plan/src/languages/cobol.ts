import { setting } from './environment.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import { stemOf } from '../source/plain-text.js';
import type { Environment, Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const SOURCES = '*.cbl';
const COBOL_DEFAULT_ARGUMENTS = '-x -o';

export const cobol: Provider = {
  name: 'cobol',

  detect: (source) => source.files(SOURCES).length > 0,

  plan(source, env) {
    const program = mainFile(source, env);
    const stem = stemOf(program);
    const options = setting(env, 'COBOL_COMPILE_ARGS') ?? COBOL_DEFAULT_ARGUMENTS;
    return {
      plan: {
        phases: {
          setup: setupPhase(['gnu-cobol', 'gcc']),
          build: buildPhase([`cobc ${options} ${stem} ${program || './'}`], {
            dependsOn: AFTER_INSTALL_AND_SETUP,
          }),
        },
        start: { cmd: `./${stem}` },
      },
      decisions: [
        {
          subject: 'program',
          choice: program,
          because: 'NIXPACKS_COBOL_APP_NAME, index.cbl, or the first .cbl file',
        },
      ],
    };
  },
};

/** The program to compile, most explicit first; '' when there is none. */
function mainFile(source: SourceTree, env: Environment): string {
  const name = setting(env, 'COBOL_APP_NAME');
  const named = name === undefined ? [] : source.files(`*${name}.cbl`);
  return [...named, ...source.files('*index.cbl'), ...source.files(SOURCES)][0] ?? '';
}
