import { UserError } from '@nx-nixpack/base';
import type { Engine } from './engine.js';

/**
 * The engine of that name, or with `auto` the first of the list that is ready. `explain` is told why others were not
 * taken. Throws UserError ENGINE_UNAVAILABLE with every reason, UNSUPPORTED for a name that is not in the list.
 */
export async function chooseEngine(
  name: string,
  engines: readonly Engine[],
  explain: (line: string) => void = () => {},
): Promise<Engine> {
  const candidates = name === 'auto' ? engines : engines.filter((engine) => engine.name === name);
  if (candidates.length === 0) throw unknown(name, engines);
  const reasons: { line: string; hint: string }[] = [];
  for (const engine of candidates) {
    const readiness = await engine.probe();
    if (readiness.ready) return engine;
    const line = `engine ${engine.name} cannot run here: ${readiness.reason}`;
    explain(line);
    reasons.push({ line, hint: readiness.hint });
  }
  throw new UserError({
    code: 'ENGINE_UNAVAILABLE',
    message: reasons.map(({ line }) => line).join('; '),
    hint: reasons[0]?.hint ?? '',
  });
}

function unknown(name: string, engines: readonly Engine[]): UserError {
  const known = engines.map((engine) => engine.name).join(', ');
  return new UserError({
    code: 'UNSUPPORTED',
    message: `The engine "${name}" is not supported yet`,
    hint: `Set engine: auto, or one of: ${known}.`,
  });
}
