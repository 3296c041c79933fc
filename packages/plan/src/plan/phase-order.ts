import { compareText, UserError } from '@nx-nixpack/base';

import type { BuildPlan } from './build-plan.js';

/**
 * The order in which phases run: round by round all that are ready, by name.
 * Dependencies on phases that do not exist are ignored; one that is listed twice counts once (quirk Q4 is not kept).
 */
export function phaseOrder(plan: BuildPlan): readonly string[] {
  const phases = plan.phases ?? {};
  const waiting = new Map<string, Set<string>>();
  for (const name of Object.keys(phases).sort(compareText)) {
    waiting.set(
      name,
      new Set(phases[name]?.dependsOn?.filter((other) => Object.hasOwn(phases, other))),
    );
  }
  const order: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.keys()].filter((name) => waiting.get(name)?.size === 0);
    if (ready.length === 0) throw circular([...waiting.keys()]);
    for (const name of ready) waiting.delete(name);
    for (const open of waiting.values()) for (const name of ready) open.delete(name);
    order.push(...ready);
  }
  return order;
}

const circular = (names: readonly string[]): UserError =>
  new UserError({
    code: 'PLAN_INVALID',
    message: `Circular dependency detected between the phases ${names.join(', ')}`,
    hint: 'Change dependsOn so that one of these phases depends on none of the others.',
  });
