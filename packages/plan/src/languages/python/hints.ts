import type { Hints } from '../../plan/build-plan.js';
import { withoutUndefined } from '../../plan/plan-reader.js';
import { linesOf } from '../../source/plain-text.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { Environment } from '../provider.js';
import { VENV } from './install.js';
import type { InstallMethod } from './install.js';
import { pythonRuntimes } from './runtimes.js';

/** A requirement by name, with extras, versions and markers. */
const BY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;(].*)?$/;
/** A requirement by address; `file:` is an address in the source. */
const BY_URL =
  /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*)?(?!file:)(?:[a-z]+\+)?[a-z]+:\/\//;
/** Options that read no file. */
const HARMLESS =
  /^--?(?:i|index-url|extra-index-url|no-index|pre|hash|trusted-host|prefer-binary|only-binary|no-binary|require-hashes)(?:[\s=]|$)/;

export function pythonHints(source: SourceTree, env: Environment, method: InstallMethod): Hints {
  return withoutUndefined<Hints>({
    ...installHints(source, method),
    runtimes: given(pythonRuntimes(source, env)),
  });
}

const given = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length === 0 ? undefined : list;

/** The virtual environment is all that a run image needs besides the source. */
function installHints(source: SourceTree, method: InstallMethod): Hints {
  if (method === 'skip') return {};
  const outputs = [VENV];
  if (method === 'requirements') return { outputs, ...requirementsInputs(source) };
  if (method === 'pipenv') return { outputs, ...pipfileInputs(source) };
  return {
    outputs,
    installInputsReason: `${method} installs the project itself, which is the source`,
  };
}

function requirementsInputs(source: SourceTree): Hints {
  if (!source.has('requirements.txt'))
    return { installInputsReason: 'requirements.txt is missing' };
  const lines = requirementLines(source.read('requirements.txt') ?? '');
  const local = lines.find(
    (line) => !BY_NAME.test(line) && !BY_URL.test(line) && !HARMLESS.test(line),
  );
  if (local === undefined) return { installInputs: ['requirements.txt'] };
  return {
    installInputsReason: `the line "${local}" of requirements.txt may name a file of the source`,
  };
}

/** Logical lines: continued ones joined, comments and per-requirement options cut off. */
function requirementLines(content: string): readonly string[] {
  return linesOf(content.replaceAll('\\\n', ' '))
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .map((line) => line.replace(/\s--(?:hash|config-settings|global-option)\b.*$/, ''))
    .filter((line) => line !== '');
}

function pipfileInputs(source: SourceTree): Hints {
  const files = ['Pipfile', 'Pipfile.lock'].filter((file) => source.has(file));
  const local = files.find((file) =>
    /\b(?:path|file|editable)["']?\s*[=:]/.test(source.read(file) ?? ''),
  );
  if (local === undefined) return { installInputs: files };
  return { installInputsReason: `${local} names packages that lie in the source` };
}
