import type { Answer } from '../amendments/amend.js';
import type { Environment, Provider } from '../languages/provider.js';
import type { Choice } from '../plan/explanation.js';
import type { SourceTree } from '../source/source-tree.js';

/** A provider that was asked, and its answer. */
export interface Asked {
  readonly name: string;
  readonly provided: Answer | undefined;
}

/**
 * A package.json is beside many a program of another language, for a formatter or its styles. Where it starts nothing, the
 * language behind it that starts something is the program's; Node only comes along when it builds something. Undefined where
 * the first language stands.
 */
export function behindNode(
  first: Asked,
  languages: readonly Provider[],
  source: SourceTree,
  env: Environment,
  ask: (provider: Provider) => Answer | undefined,
): readonly Asked[] | undefined {
  if (first.name !== 'node' || first.provided?.plan.start?.cmd !== undefined) return undefined;
  const others = languages.slice(languages.findIndex(({ name }) => name === 'node') + 1);
  for (const provider of others) {
    if (!provider.detect(source, env)) continue;
    const provided = ask(provider);
    if (provided?.plan.start?.cmd === undefined) continue;
    const builds = (first.provided?.plan.phases?.['build']?.cmds ?? []).length > 0;
    const decided = { ...provided, decisions: [language(provider.name), ...provided.decisions] };
    return [{ name: provider.name, provided: decided }, ...(builds ? [first] : [])];
  }
  return undefined;
}

const language = (name: string): Choice => ({
  subject: 'language',
  choice: name,
  because: 'package.json starts nothing',
  by: 'extension second-language',
  instead: 'node',
  guess: `package.json starts nothing, so the program is taken to be one of ${name}: name the providers to be sure`,
});
