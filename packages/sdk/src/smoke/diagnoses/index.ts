import type { Cause, Diagnosis } from '../diagnosis.js';
import { outputOf, type Trial } from '../trial.js';
import { argumentsWanted, endsSilently, otherProgram } from './choices.js';
import {
  javaClassMissing,
  nodeModuleMissing,
  olderRuntime,
  phpFileMissing,
  pythonModuleMissing,
  rubyLibraryMissing,
  syntaxRefused,
} from './modules.js';
import {
  loopbackOnly,
  nothingListens,
  otherPort,
  portPrivileged,
  silentListener,
} from './ports.js';
import {
  interpreterMissing,
  libraryMissing,
  notExecutable,
  otherArchitecture,
  programMissing,
} from './programs.js';
import {
  certificatesMissing,
  notWritable,
  outOfMemory,
  serviceMissing,
  timeZonesMissing,
  variableMissing,
} from './surroundings.js';

/** What is known to go wrong with images that were built. The first that fits is said; what the program printed comes before where it listens. */
export const DIAGNOSES: readonly Diagnosis[] = [
  ...[interpreterMissing, otherArchitecture, notExecutable, libraryMissing, programMissing],
  ...[timeZonesMissing, certificatesMissing],
  ...[olderRuntime, nodeModuleMissing, pythonModuleMissing, rubyLibraryMissing, javaClassMissing],
  ...[phpFileMissing, portPrivileged, variableMissing],
  ...[serviceMissing, notWritable, outOfMemory, syntaxRefused],
  ...[loopbackOnly, otherPort, otherProgram, argumentsWanted, endsSilently],
  ...[silentListener, nothingListens],
];

export function causeOf(trial: Trial, diagnoses = DIAGNOSES): Cause {
  for (const diagnosis of diagnoses) {
    const cause = diagnosis.find(trial);
    if (cause) return cause;
  }
  const said = outputOf(trial) === '' ? 'it printed nothing' : 'the cause is in what it printed';
  return {
    cause: said,
    advice: 'Start the image by hand, or set smoke: off when it cannot run alone.',
  };
}
