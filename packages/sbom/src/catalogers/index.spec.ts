import { readdirSync } from 'node:fs';
import { CATALOGERS } from './index.js';

it('registers every cataloger file, each under its own name', () => {
  const files = readdirSync(__dirname).filter((file) => /^(?!index)[a-z-]+\.ts$/.test(file));
  expect(CATALOGERS.map((cataloger) => `${cataloger.name}.ts`).sort()).toEqual(files.sort());
});
