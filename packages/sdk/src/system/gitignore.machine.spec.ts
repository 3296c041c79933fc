import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parseIgnore } from '@nx-nixpack/plan';

type Verdict = 'ignored' | 'kept' | undefined;

/** Makes the paths (latin1 byte strings; a slash at the end makes a directory), leaving out those that collide. */
function makePaths(directory: string, paths: readonly string[]): readonly string[] {
  for (const entry of readdirSync(directory, 'latin1').filter((name) => name !== '.git'))
    rmSync(Buffer.from(`${directory}/${entry}`, 'latin1'), { recursive: true });
  return paths.filter((path) => {
    const full = join(directory, path);
    try {
      mkdirSync(Buffer.from(path.endsWith('/') ? full : dirname(full), 'latin1'), {
        recursive: true,
      });
      if (!path.endsWith('/')) writeFileSync(Buffer.from(full, 'latin1'), '', { flag: 'wx' });
      return statSync(Buffer.from(full, 'latin1')).isDirectory() === path.endsWith('/');
    } catch {
      return false;
    }
  });
}

function judgedByGit(
  directory: string,
  rules: string,
  paths: readonly string[],
): readonly Verdict[] {
  writeFileSync(join(directory, '.gitignore'), rules, 'latin1');
  const input = paths.map((path) => `${path.replace(/\/$/, '')}\0`).join('');
  const { stdout } = spawnSync(
    'git',
    [
      '-c',
      'core.excludesFile=/dev/null',
      'check-ignore',
      '--no-index',
      '-v',
      '-n',
      '-z',
      '--stdin',
    ],
    { cwd: directory, input: Buffer.from(input, 'latin1') },
  );
  const fields = stdout.toString('latin1').split('\0');
  return paths.map((_, index) => {
    const pattern = fields[4 * index + 2];
    if (pattern === undefined || pattern === '') return undefined;
    return pattern.startsWith('!') ? 'kept' : 'ignored';
  });
}

/** git looks at the parents first, as a walker does that does not enter an ignored directory. */
function judgedByUs(rules: string, path: string): Verdict {
  const parsed = parseIgnore(rules);
  const parts = path.replace(/\/$/, '').split('/');
  let verdict: Verdict;
  for (let count = 1; count <= parts.length; count++) {
    const isDirectory = count < parts.length || path.endsWith('/');
    verdict = parsed.match(parts.slice(0, count).join('/'), isDirectory);
    if (verdict === 'ignored') return verdict;
  }
  return verdict;
}

const piece = fc.constantFrom(
  ...['a', 'b', 'A', '.', '-', ' ', '\\', '/', '/', '*', '*', '**', '**/', '/**', '?', '!', '#'],
  ...['[ab]', '[!a]', '[^b-c]', '[a-', ']', '[]a]', '[[:alpha:]]', '[\\]]', '[[:x:]]', '[a-c-e]'],
  ...['\xe9', '\r', '[:', '[[:punct:]-a]', '/a/', 'a/', '/b'],
);
const pattern = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(''));
const rules = fc.array(pattern, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
const letters = ['a', 'a', 'b', 'c', 'A', '-', '.x', '[', ']', '!', '#', ' ', '\\', '\xe9', '\r'];
const name = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const path = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([names, isDirectory]) => names.join('/') + (isDirectory ? '/' : ''));

it('says what git says', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gitignore-'));
  try {
    spawnSync('git', ['init', '-q', directory]);
    const property = fc.property(
      rules,
      fc.array(path, { minLength: 30, maxLength: 30 }),
      (text, all) => {
        const paths = makePaths(directory, all);
        const ours = paths.map((each) => [each, judgedByUs(text, each)]);
        const theirs = judgedByGit(directory, text, paths).map((verdict, index) => [
          paths[index],
          verdict,
        ]);
        expect(ours).toEqual(theirs);
      },
    );
    fc.assert(property, {
      numRuns: Number(process.env['RUNS'] ?? 400),
      seed: Number(process.env['SEED'] ?? 1),
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
