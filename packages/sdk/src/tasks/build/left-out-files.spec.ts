import { memoryTree, UserError } from '@nx-nixpack/base';
import { nameLeftOutFiles, type BuildPlace } from './left-out-files.js';

const WORKSPACE = memoryTree({
  'apps/api/main.js': '',
  'apps/api/dist/gen.js': '',
  'packages/asset/logo.json': '',
  'packages/shared/index.js': '',
  'version.json': '',
  'node_modules/x/index.js': '',
  '.env': '',
});
const inWorkspace: BuildPlace = {
  workspace: WORKSPACE,
  tree: memoryTree({ 'apps/api/main.js': '', 'packages/shared/index.js': '' }),
  source: 'apps/api',
  isWorkspace: true,
};
const alone: BuildPlace = {
  ...inWorkspace,
  tree: memoryTree({ 'main.js': '' }),
  isWorkspace: false,
};

const failed = (output: string): UserError =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: `The command of phase build failed with exit code 1: node x\n  | ${output}`,
    hint: 'Read what the command printed.',
  });
const hintOf = (output: string, place: BuildPlace): string =>
  (nameLeftOutFiles(failed(output), place) as UserError).hint;

it.each<[string, string, BuildPlace, string]>([
  [
    'an absolute path',
    "Error: ENOENT: no such file or directory, open '/app/packages/asset/logo.json'",
    inWorkspace,
    'packages/asset/logo.json',
  ],
  [
    'a path from the source',
    'cat: ../../packages/asset/logo.json: No such file or directory',
    inWorkspace,
    'packages/asset/logo.json',
  ],
  [
    'a file that git ignores',
    "Error: Cannot find module './dist/gen.js'",
    inWorkspace,
    'apps/api/dist/gen.js',
  ],
  [
    'a file above a source that stands alone',
    "FileNotFoundError: [Errno 2] No such file or directory: '/version.json'",
    alone,
    'version.json',
  ],
  [
    'a file of a lone source',
    "ENOENT: no such file or directory, open '/app/dist/gen.js'",
    alone,
    'apps/api/dist/gen.js',
  ],
])('names `include` for %s', (_, output, place, file) => {
  expect(hintOf(output, place)).toBe(
    `${file} lies in the workspace, but no manifest says that the build needs it: add include: ['${file}'] to the vars of the component.`,
  );
});

it('names several files at once', () => {
  const output = "ENOENT: no such file, '/app/version.json' and '/app/packages/asset/logo.json'";
  expect(hintOf(output, inWorkspace)).toContain(
    "add include: ['version.json', 'packages/asset/logo.json']",
  );
});

it.each([
  [
    'what is in the build',
    "ENOENT: no such file or directory, open '/app/packages/shared/index.js'",
  ],
  ['what is nowhere', "ENOENT: no such file or directory, open '/app/nothing/x'"],
  ['what no build takes', "ENOENT: no such file or directory, open '/app/node_modules/x/index.js'"],
  ['what is outside of the workspace', "ENOENT: no such file or directory, open '/app/../../x'"],
  ['other lines', 'wrote /app/packages/asset/logo.json'],
])('says nothing about %s', (_, output) => {
  expect(hintOf(output, inWorkspace)).toBe('Read what the command printed.');
});

it('leaves other errors alone', () => {
  const other = new UserError({
    code: 'STORE_FULL',
    message: 'ENOENT /app/version.json',
    hint: '',
  });
  expect(nameLeftOutFiles(other, inWorkspace)).toBe(other);
  const bug = new Error('ENOENT /app/version.json');
  expect(nameLeftOutFiles(bug, inWorkspace)).toBe(bug);
});
