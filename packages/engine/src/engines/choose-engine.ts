import { UserError } from '@nx-nixpack/base';
import type { Engine, Readiness } from './engine.js';

type Unready = Extract<Readiness, { ready: false }> & Pick<Engine, 'name'>;

/** The name that leaves the choice of an engine to the machine. */
const ANY = 'auto';

/**
 * The engine of that name, or with `auto` the first of the list that is ready. `explain` is told why others were not
 * taken. Throws UserError ENGINE_UNAVAILABLE with every reason and hint, UNSUPPORTED for a name that is not in the list.
 */
export async function chooseEngine(
  name: string,
  engines: readonly Engine[],
  explain: (line: string) => void = () => {},
): Promise<Engine> {
  const candidates = name === ANY ? engines : engines.filter((engine) => engine.name === name);
  if (candidates.length === 0) throw unknown(name, engines);
  const unready: Unready[] = [];
  for (const engine of candidates) {
    const readiness = await engine.probe();
    if (readiness.ready) return engine;
    unready.push({ ...readiness, name: engine.name });
    explain(reasonOf({ ...readiness, name: engine.name }));
  }
  throw unavailable(unready);
}

const reasonOf = ({ name, reason }: Unready): string => `Engine ${name} cannot run here: ${reason}`;

function unavailable(engines: readonly Unready[]): UserError {
  const [only, ...more] = engines;
  return new UserError({
    code: 'ENGINE_UNAVAILABLE',
    message: engines.map(reasonOf).join('; '),
    hint:
      only !== undefined && more.length === 0
        ? only.hint
        : engines.map(({ name, hint }) => `${name}: ${hint}`).join(' '),
  });
}

function unknown(name: string, engines: readonly Engine[]): UserError {
  const known = engines.map((engine) => engine.name);
  return new UserError({
    code: 'UNSUPPORTED',
    message: `The engine "${name}" is not supported yet`,
    hint: `Set engine: ${[ANY, ...known].join(', ')}.`,
  });
}
