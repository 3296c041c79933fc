import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, SetupError } from './command.mjs';
import { missingPackages } from './debian-packages.mjs';

test('gives what a program printed, and code 127 when there is none', async () => {
  const result = await run(process.execPath, ['-e', 'console.log(process.argv[1])', 'a b']);
  assert.deepEqual(result, { code: 0, stdout: 'a b\n', stderr: '' });
  assert.equal((await run('no-such-program', [], { mayFail: true })).code, 127);
});

test('a failure names the program, its code and its last lines', async () => {
  const failing = run(process.execPath, ['-e', 'console.error("reason"); process.exit(3)']);
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /ended with code 3\nreason$/);
    return true;
  });
});

test('a package is missing when it is neither installed nor there as a program', async () => {
  const packages = [{ name: 'no-such-package', program: 'node' }, { name: 'no-such-package-2' }];
  assert.deepEqual(await missingPackages(packages), ['no-such-package-2']);
});
