import { baseName, encodeText, joinPath, shownPath, type ByteString } from '@nx-nixpack/base';
import type { Diagnosis } from '../diagnosis.js';
import { outputOf, type SourceFiles, type Trial } from '../trial.js';

/** Directories below cmd/ of a Go module, each of which is a program of its own. */
function goPrograms({ tree, directory }: SourceFiles): readonly string[] {
  const cmd = joinPath(encodeText(directory), encodeText('cmd'));
  if (tree.entry(cmd)?.type !== 'directory') return [];
  const isProgram = (path: ByteString): boolean =>
    tree.entry(path)?.type === 'directory' &&
    tree.entry(joinPath(path, encodeText('main.go'))) !== undefined;
  return [...tree.list(cmd)]
    .filter(({ path }) => isProgram(path))
    .map(({ path }) => shownPath(baseName(path)));
}

/** Whether the program is one of several, and nobody said which. */
export const isGuessed = ({ source, chosen }: Trial): boolean =>
  goPrograms(source).length > 1 && !chosen.has('NIXPACKS_GO_BIN');

export const otherProgram: Diagnosis = {
  name: 'one of several programs',
  find(trial) {
    if (trial.outcome.exitCode === undefined && trial.outcome.listeners.length > 0)
      return undefined;
    const programs = goPrograms(trial.source);
    if (!isGuessed(trial) || !trial.command.startsWith('./out')) return undefined;
    return {
      cause: `cmd/ holds several programs (${programs.join(', ')}), and ${programs[0] ?? ''} may be the wrong one`,
      advice: `Choose with build_env: { NIXPACKS_GO_BIN: ${programs[1] ?? ''} }.`,
    };
  },
};

export const argumentsWanted: Diagnosis = {
  name: 'arguments wanted',
  find(trial) {
    if (trial.outcome.exitCode === undefined || !/^\s*usage\b/im.test(outputOf(trial)))
      return undefined;
    return {
      cause: 'it printed how it is used, and wants arguments',
      advice:
        'Set start_cmd with the arguments, or smoke: { command: … } to something that a command-line tool can do alone.',
    };
  },
};

export const endsSilently: Diagnosis = {
  name: 'ends without a word',
  find({ outcome, command }) {
    if (outcome.exitCode !== 0 || outcome.lines.length > 0) return undefined;
    return {
      cause: `"${command}" does its work and ends: it may only define an application that a server has to run`,
      advice:
        'Set start_cmd to the server that runs it: gunicorn, uvicorn, flask run, node of the built file.',
    };
  },
};
