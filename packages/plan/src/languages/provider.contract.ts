import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { parsePlan } from '../plan/plan-reader.js';
import { planToml } from '../plan/plan-text.contract.js';
import type { Provider } from './provider.js';

export interface Sample {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: readonly string[];
}

/** What every provider promises, whatever its language. `sample` is a source that it recognizes. */
export function itKeepsTheProviderContract(provider: Provider, sample: Sample): void {
  const target = { arch: 'x86_64', conformance: false } as const;
  const env = new Map<string, string>();
  const options = { env: sample.env ?? [] };
  const tree = () => memoryTree(sample.files, { name: 'shop' });

  it('recognizes its own sample and not an empty source', () => {
    expect(provider.detect(tree(), env)).toBe(true);
    expect(provider.detect(memoryTree({}), env)).toBe(false);
  });

  it('plans the same thing twice, whatever the order files were listed in', () => {
    const reversed = memoryTree(Object.fromEntries(Object.entries(sample.files).reverse()), {
      name: 'shop',
    });
    expect(generatePlan(reversed, options)).toEqual(generatePlan(tree(), options));
  });

  it('answers with plain data that a plan file can hold', () => {
    const provided = provider.plan(tree(), env, target);
    expect(provided).toEqual(JSON.parse(JSON.stringify(provided)));
    const { plan } = generatePlan(tree(), options);
    const { name: _name, ...phase } = plan.phases?.['setup'] ?? {};
    expect(parsePlan(planToml(plan), 'toml', 'plan.toml').phases?.['setup']).toEqual(phase);
  });

  it('says why: a decision or nothing to decide, hints that name files of the source', () => {
    const { hints = {}, decisions = [] } = provider.plan(tree(), env, target) ?? {};
    for (const decision of decisions) expect(decision.because).not.toBe('');
    for (const file of hints.installInputs ?? []) expect(tree().has(file)).toBe(true);
    if (hints.installInputs !== undefined) expect(hints.installInputsReason).toBeUndefined();
  });
}
