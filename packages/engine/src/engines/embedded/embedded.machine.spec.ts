import { join } from 'node:path';
import { diskTree } from '../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../sdk/src/system/execa-runner.js';
import { itKeepsTheEngineContract } from '../../engine.contract.js';
import { embeddedEngine } from './embedded-engine.js';

const ROOT = join(__dirname, '../../../../..');
const SOURCES = join(ROOT, 'packages/engine/test-support/run-sources.cjs');
const WORKER = join(ROOT, 'packages/sdk/src/system/embedded-worker.ts');

const engine = embeddedEngine({
  runner: execaRunner,
  workerCommand: {
    file: process.execPath,
    args: ['--conditions=@nx-nixpack/source', '--require', SOURCES, WORKER],
  },
});

describe('the embedded engine', () => {
  itKeepsTheEngineContract(() => ({ engine, runner: execaRunner, tree: diskTree }));
});
