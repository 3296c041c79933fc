import type { Diagnosis } from '../diagnosis.js';
import { developmentPackages } from '../manifest.js';
import { outputOf, type Trial } from '../trial.js';

/** The shell found nothing of that name, or its interpreter or loader is missing. */
const NOT_FOUND = 127;
/** The shell found a file that it cannot execute. */
const NOT_EXECUTABLE = 126;

const whereFrom = (toolchain: string): string =>
  toolchain === 'base'
    ? 'name a build_image (or run_image) that has it'
    : 'add it with apt_pkgs or pkgs';

export const programMissing: Diagnosis = {
  name: 'program not found',
  find(trial) {
    if (trial.outcome.exitCode !== NOT_FOUND) return undefined;
    const program =
      /(?:^|[\s:])([^\s:]+): (?:command )?not found/m.exec(outputOf(trial))?.[1] ??
      /([^\s:]+): No such file or directory/.exec(outputOf(trial))?.[1];
    if (program === undefined) return undefined;
    return {
      cause: `the program "${program}" is not in the image`,
      advice: adviceFor(trial, program),
    };
  },
};

function adviceFor(trial: Trial, program: string): string {
  if (program.startsWith('/app/') || program.startsWith('.'))
    return `Build ${program} in a phase (build_cmd), or set start_cmd to what the build leaves.`;
  const providers = developmentPackages(trial.source).filter((name) =>
    bringsProgram(name, program),
  );
  if (providers.length > 0)
    return `Move ${providers.join(', ')} from devDependencies to dependencies, or set dev_dependencies: keep.`;
  const way = whereFrom(trial.toolchain);
  return `${way.charAt(0).toUpperCase()}${way.slice(1)}, or set start_cmd to a program that is there.`;
}

/** npm packages bring programs of their own name, mostly. */
const bringsProgram = (name: string, program: string): boolean =>
  name === program ||
  name.endsWith(`/${program}`) ||
  name === `${program}-cli` ||
  name === `@${program}/cli`;

export const interpreterMissing: Diagnosis = {
  name: 'interpreter not found',
  find(trial) {
    const found =
      /(\S+): (?:cannot execute: required file not found|(\S+): bad interpreter: No such file)/.exec(
        outputOf(trial),
      );
    if (!found) return undefined;
    return {
      cause: `${found[1] ?? 'the program'} needs an interpreter or loader that is not in the image`,
      advice:
        'Look at its first line: it may name a program that is not there, or end with a carriage return; a compiled program may be made for another C library (musl, glibc).',
    };
  },
};

export const notExecutable: Diagnosis = {
  name: 'not executable',
  find(trial) {
    if (trial.outcome.exitCode !== NOT_EXECUTABLE) return undefined;
    const file = /([^\s:]+): Permission denied/.exec(outputOf(trial))?.[1];
    if (file === undefined) return undefined;
    return {
      cause: `${file} has no execute permission`,
      advice: `Run git update-index --chmod=+x on it (or chmod +x), or start it through its interpreter in start_cmd.`,
    };
  },
};

export const otherArchitecture: Diagnosis = {
  name: 'wrong architecture',
  find(trial) {
    const found =
      /(\S+): cannot execute binary file|Exec format error|wrong ELF class|incompatible architecture/.exec(
        outputOf(trial),
      );
    if (!found) return undefined;
    return {
      cause: `${found[1] ?? 'the program'} is made for another kind of machine, or is no program`,
      advice: 'Build it in a phase instead of taking it from the source, or set platforms.',
    };
  },
};

export const libraryMissing: Diagnosis = {
  name: 'shared library not found',
  find(trial) {
    const library =
      /error while loading shared libraries: ([^\s:]+):/.exec(outputOf(trial))?.[1] ??
      /(?:ImportError|OSError|LoadError|UnsatisfiedLinkError|Error).*?: (lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(
        outputOf(trial),
      )?.[1];
    if (library !== undefined)
      return {
        cause: `the shared library ${library} is not in the image`,
        advice: 'Add the package that brings it to apt_pkgs, or name a run_image that has it.',
      };
    const version = /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found/.exec(
      outputOf(trial),
    )?.[1];
    if (version === undefined) return undefined;
    return {
      cause: `it was built with a newer C or C++ library (${version}) than the image has`,
      advice:
        'Build and run it on the same base: leave out run_image, or name one of the same release.',
    };
  },
};
