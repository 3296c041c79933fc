import { posix } from 'node:path';

import { PHP_ASSETS } from './index.js';

const IMPORT = /^import \{ ([^}]+) \} from '(\.[^']+)';$/gm;
const EXPORT = /^export (?:async )?(?:function|const) (\w+)/gm;

const scripts: Readonly<Record<string, string>> = PHP_ASSETS;
const imports = Object.entries(scripts).flatMap(([path, text]) =>
  [...text.matchAll(IMPORT)].flatMap(([, names = '', from = '']) =>
    names.split(', ').map((name) => [path, name, posix.join(posix.dirname(path), from)] as const),
  ),
);

it('knows what the scripts import from each other', () => {
  expect(imports.length).toBeGreaterThan(3);
});

// The compiler sees texts, so it cannot tell.
it.each(imports)('%s imports %s, which %s exports', (_path, name, from) => {
  const exported = [...(scripts[from] ?? '').matchAll(EXPORT)].map((match) => match[1]);
  expect(exported).toContain(name);
});
