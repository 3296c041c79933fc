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
    expect(lines).toEqual(['Engine first cannot run here: no overlay']);
  });

  it('gives every reason and every hint when none is ready', async () => {
    await expect(chooseEngine('auto', [broken])).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'Engine first cannot run here: no overlay',
      hint: 'Use a volume.',
    });
    const other = engine('third', { ready: false, reason: 'no daemon', hint: 'Start it.' });
    await expect(chooseEngine('auto', [broken, other])).rejects.toMatchObject({
      message: 'Engine first cannot run here: no overlay; Engine third cannot run here: no daemon',
      hint: 'first: Use a volume. third: Start it.',
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
