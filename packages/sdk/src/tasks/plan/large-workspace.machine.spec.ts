import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIST = join(__dirname, '../../../dist');
/** A fifth of what must fit into 300 MB, and a bound to match: 100 MB are the program's own, 1 kB is left for a file. */
const FILES = 40_000;
const BOUND = 140;
const COMPONENTS = 10_000;
const MB = 1024 ** 2;
/** The default of machines with much memory; others would collect garbage at other times. */
const YOUNG = '--max-semi-space-size=16';

/**
 * What a script prints in a process of its own, as JSON, and the most memory that it had, in bytes. VmHWM begins with the
 * program; `maxRSS` of a process is at least what the one that started it had, here that of Jest after all other specs.
 */
function measured(script: string, ...args: string[]): { value: unknown; memory: number } {
  const body = `const value = (() => { ${script} })();
    const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
    const memory = Number(/^VmHWM:\\s*(\\d+) kB$/m.exec(status)[1]) * 1024;
    console.log(JSON.stringify({ value, memory }));`;
  const text = execFileSync(process.execPath, [YOUNG, '-e', body, ...args], { encoding: 'utf8' });
  return JSON.parse(text) as { value: unknown; memory: number };
}

it('measures a process alone, whatever the one that starts it has', () => {
  const ballast = Buffer.alloc(2 * BOUND * MB, 1);
  const { value, memory } = measured(`return 'little'`);
  expect([value, ballast.at(-1)]).toEqual(['little', 1]);
  expect(memory).toBeLessThan(BOUND * MB);
});

describe('a large workspace', () => {
  let root: string;
  // Making so many files on a busy disk takes minutes.
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  beforeEach(() => (root = mkdtempSync(join(parent, 'large-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it(`takes about a kilobyte for each of ${FILES} files of a source`, () => {
    for (let index = 0; index < FILES; index++) {
      const directory = join(root, 'api', `section-${Math.floor(index / 500)}`);
      if (index % 500 === 0) mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, `some-asset-of-the-program-${index}.txt`), '');
    }
    const { value, memory } = measured(
      `const { sourceContext } = require(${JSON.stringify(join(DIST, 'source/source-context.js'))});
       const context = sourceContext({ workspaceRoot: process.argv[1], source: 'api', workspace: 'auto', include: [] });
       return context.planTree.files('**/*.txt').length;`,
      root,
    );
    expect(value).toBe(FILES);
    expect(memory).toBeLessThan(BOUND * MB);
  });

  it(`has ${COMPONENTS} components in one file`, () => {
    mkdirSync(join(root, 'deployments'));
    mkdirSync(join(root, 'api'));
    const component = (index: number): string => `      service-${index}:
        vars: { source: ./api, start_cmd: node main.js, image: { registry: r.example.com, name: huge/s${index} } }
        settings: { nixpack: { toolchain: base, build_image: oci:.bases/build, run_image: oci:.bases/run } }
`;
    const all = Array.from({ length: COMPONENTS }, (_, index) => component(index)).join('');
    writeFileSync(
      join(root, 'deployments/huge.yaml'),
      `deployment:\n  name: huge\n  components:\n    nixpack:\n${all}`,
    );
    const { value, memory } = measured(
      `const { readWorkspace } = require(${JSON.stringify(join(DIST, 'workspace/index.js'))});
       const { deployments, problems } = readWorkspace(process.argv[1]);
       return [deployments[0]?.components.length, problems];`,
      root,
    );
    expect(value).toEqual([COMPONENTS, []]);
    // Three hundred are usual; when garbage is collected is the engine's decision.
    expect(memory).toBeLessThan(400 * MB);
  });
});
