import { chooseEngine } from './choose-engine.js';
import type { Engine, Readiness } from './engine.js';

const engine = (name: string, readiness: Readiness): Engine => ({
  name,
  probe: () => Promise.resolve(readiness),
  build: () => Promise.reject(new Error('not built here')),
});
const ready = engine('second', { ready: true });
const broken = engine('first', { ready: false, reason: 'no overlay', hint: 'Use a volume.' });

describe('chooseEngine', () => {
  it('takes the first that is ready and says why not the ones before', async () => {
    const lines: string[] = [];
    expect(await chooseEngine('auto', [broken, ready], (line) => lines.push(line))).toBe(ready);
    expect(lines).toEqual(['engine first cannot run here: no overlay']);
  });

  it('gives every reason when none is ready', async () => {
    await expect(chooseEngine('auto', [broken])).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'engine first cannot run here: no overlay',
      hint: 'Use a volume.',
    });
  });

  it('never takes another engine than the one that was asked for', async () => {
    await expect(chooseEngine('first', [broken, ready])).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    });
    await expect(chooseEngine('buildkit', [ready])).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringContaining('second'),
    });
  });
});
