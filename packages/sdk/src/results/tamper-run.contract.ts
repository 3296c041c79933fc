import { cpSync, rmSync } from 'node:fs';
import { UserError } from '@nx-nixpack/base';
import type { TaskFixture } from '../tasks/task-fixture.contract.js';

export interface TamperCase {
  readonly what: string;
  /** The files that it changes below the outputs of `web`; absent: any. */
  readonly touches?: readonly string[];
  /** Does it; `same` when nothing is different afterwards. */
  readonly tamper: (shop: TaskFixture) => 'same' | undefined;
  readonly consumer: Consumer;
}

/** Tasks that read what the tasks of `web` left. */
export const CONSUMERS = {
  push: (shop: TaskFixture) => shop.push('web'),
  sbom: (shop: TaskFixture) => shop.sbom('web'),
  'build on its image': (shop: TaskFixture) => shop.build('derived'),
  build: (shop: TaskFixture) => shop.build('web'),
} as const;
export type Consumer = keyof typeof CONSUMERS;

export interface TamperRun {
  readonly refused: number;
  /** What a task took, or refused in another way than as a result that is not trusted. */
  readonly wrong: readonly string[];
}

/** Most of a refusal is waiting whether another process is replacing the folder, so many wait at once. */
const AT_ONCE = 24;

/** Tries every case on a copy of the workspace, of which `copies` are kept for the next run. */
export async function runTamperCases(
  shop: TaskFixture,
  copies: TaskFixture[],
  cases: readonly TamperCase[],
): Promise<TamperRun> {
  while (copies.length < AT_ONCE) copies.push(shop.copy());
  const queue = [...cases];
  const wrong: string[] = [];
  let refused = 0;
  const work = async (copy: TaskFixture): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const outcome = await outcomeOf(copy, next);
      if (outcome === 'CACHE_RESULT_REJECTED') refused++;
      else if (outcome !== 'same') wrong.push(`${next.consumer}: ${next.what}: ${outcome}`);
      restore(copy, next);
    }
  };
  await Promise.all(copies.map(work));
  return { refused, wrong };
}

async function outcomeOf(shop: TaskFixture, { tamper, consumer }: TamperCase): Promise<string> {
  if (tamper(shop) === 'same') return 'same';
  return CONSUMERS[consumer](shop).then(
    () => 'accepted',
    (error: unknown) => (error instanceof UserError ? error.code : `uncoded: ${String(error)}`),
  );
}

function restore(shop: TaskFixture, { touches = ['.'] }: TamperCase): void {
  for (const name of touches) {
    rmSync(shop.outputs('web', name), { recursive: true, force: true });
    cpSync(shop.path('good', name), shop.outputs('web', name), { recursive: true });
  }
}
