// Plans each directory once, in this process: node tools/bench/plan-once.mjs DIRECTORY…
import { createRequire } from 'node:module';
import { basename } from 'node:path';

const require = createRequire(import.meta.url);
const { generatePlan, sourceTree } = require('../../packages/plan/dist/index.js');
const { diskTree } = require('../../packages/sdk/dist/system/disk-tree.js');

for (const directory of process.argv.slice(2)) {
  try {
    generatePlan(sourceTree(diskTree(directory), { name: basename(directory) }));
  } catch (error) {
    if (error.name !== 'UserError') throw error;
  }
}
