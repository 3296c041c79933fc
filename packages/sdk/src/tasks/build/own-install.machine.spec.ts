import { SmokeWorkspace, type Program } from '../../smoke/smoke-workspace.contract.js';
import { hostNetwork } from '../../system/host-network.js';

const workspace = new SmokeWorkspace();
afterAll(() => workspace.remove());

const program = (vars: string, files: Program['files'] = {}): Program => ({
  base: 'node-build',
  files: {
    'package.json': JSON.stringify({ name: 'x', version: '1.0.0' }),
    'main.js': "console.log('one')",
    ...files,
  },
  vars: `${vars}, start_cmd: "node main.js"`,
  settings: 'smoke: off',
});
const STORE = [expect.stringMatching(/from the store/)];
const RAN = [expect.stringMatching(/done in/)];

it.each<readonly [name: string, program: Program, install: Program['files']]>([
  [
    'own-files',
    program('install_cmd: "sh tools/setup.sh", install_files: [tools]', {
      'tools/setup.sh': 'mkdir -p node_modules && date +%s%N > node_modules/when',
    }),
    { 'tools/setup.sh': 'mkdir -p node_modules && echo two > node_modules/when' },
  ],
  [
    'own-manager',
    program('install_cmd: "npm i -g yarn@1 && yarn install"', { 'yarn.lock': '' }),
    { 'package.json': JSON.stringify({ name: 'x', version: '1.0.1' }) },
  ],
])('%s: an edit installs nothing anew, what the install reads does', async (name, first, read) => {
  const online = hostNetwork();
  const edited = { ...first, files: { ...first.files, 'main.js': "console.log('two')" } };
  const changed = { ...edited, files: { ...edited.files, ...read } };
  expect((await workspace.build(name, first, online)).installs).toEqual(RAN);
  expect((await workspace.build(name, edited, online)).installs).toEqual(STORE);
  expect((await workspace.build(name, changed, online)).installs).toEqual(RAN);
});
