import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canonicalJson, type Progress } from '@nx-nixpack/base';
import { anonymous, type RegistryAccess } from '@nx-nixpack/oci';
import { describePlan } from './describe.js';
import { planImage, type PlannedImage } from './task.js';
import { planRecord, type PlanRecord } from '../../records/plan.js';
import { onlyPlatform } from '../../records/platforms.js';
import { findComponent, readWorkspace } from '../../workspace/index.js';

/** Planning with pinned bases opens no connection: whoever tries fails the test. */
const offline: RegistryAccess = {
  transport: { request: () => Promise.reject(new Error('planning must not open a connection')) },
  credentials: anonymous,
};
const entry = ({ platforms }: PlanRecord) => onlyPlatform(platforms)[1];
const DIGEST = `sha256:${'1'.repeat(64)}`;

describe('planImage', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'plan-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  const yaml = (vars = '', settings = `build_image: "r.example.com/base@${DIGEST}"`) => `deployment:
  name: shop
  components:
    nixpack:
      api:
        vars:
          source: ./api
          image: { registry: r.example.com, name: api, tag: "{{ git.branch }}", labels: { a: "{{ component.name }}", b: "{{ git.sha }}" } }
${vars}
        settings: { nixpack: { toolchain: base, run_image: "r.example.com/run@${DIGEST}", ${settings} } }
`;

  const SOURCE = {
    'api/go.mod': 'module example.com/api\n\ngo 1.22\n',
    'api/main.go': 'package main\n',
  };

  function plan(warnings: string[] = []): Promise<PlannedImage> {
    const workspace = readWorkspace(root);
    const progress: Progress = {
      step: () => undefined,
      output: () => undefined,
      warn: (text) => warnings.push(text),
    };
    return planImage({
      workspaceRoot: root,
      ...findComponent(workspace, 'shop', 'nixpack/api'),
      access: offline,
      progress,
    });
  }

  it('writes down who gets a secret, never a value, and refuses one that nobody gets', async () => {
    const secrets = (lent: string) =>
      yaml('', `build_image: "r.example.com/base@${DIGEST}", secrets: ${lent}`);
    write({
      ...SOURCE,
      'deployments/a.yaml': secrets('{ TOKEN: { env: T, as: variable }, B: { env: B } }'),
    });
    const planned = await plan();
    expect(planned.plan.secrets).toEqual({ TOKEN: 'T', B: 'B' });
    expect(entry(planned.plan).settings.secrets).toEqual([
      { name: 'B', as: 'file' },
      { name: 'TOKEN', as: 'variable', phases: ['install'] },
    ]);
    const path = join(root, 'plan.json');
    planRecord.write(path, planned.plan);
    expect(planRecord.read(path).record).toEqual(planned.plan);
    write({
      'deployments/a.yaml': secrets(
        '{ A: { env: A, phases: [tset] }, B: { env: B, phases: [x] } }',
      ),
    });
    const refused = await plan().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'CONFIG_INVALID_VALUE',
      message: expect.stringContaining('the secret A is lent to the phase tset'),
      hint: expect.stringContaining('install, build'),
      problems: { length: 2 },
    });
  });

  it('refuses a network for a phase that no plan has, where a step would keep what its author took away', async () => {
    const network = (text: string) =>
      yaml('', `build_image: "r.example.com/base@${DIGEST}", network: ${text}`);
    write({ ...SOURCE, 'deployments/a.yaml': network('{ instal: false, nowhere: false }') });
    const refused = await plan().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'CONFIG_INVALID_VALUE',
      message: expect.stringContaining('network names the phase "instal", which'),
      hint: 'Did you mean install?',
      at: { file: 'deployments/a.yaml', line: 5, column: 7 },
      problems: { 1: { hint: expect.stringMatching(/^Use one of: .*build/) }, length: 2 },
    });
    write({ 'deployments/a.yaml': network('{ prune: false, setup: false, build: false }') });
    await expect(plan()).resolves.toBeDefined();
  });

  it('plans from the files and the settings, with the base it was given', async () => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml('          env: { LEVEL: info }') });
    const record = entry((await plan()).plan);
    expect(record.providers).toEqual(['go']);
    expect(record.bases.build).toEqual({
      reference: `r.example.com/base@${DIGEST}`,
      digest: DIGEST,
    });
    expect(record.settings.env).toEqual({ LEVEL: 'info' });
    expect(record.plan.start?.cmd).toBe('./out');
  });

  it('keeps everything out of the cache key that does not change the image', async () => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml() });
    const before = await plan();
    expect(canonicalJson(before.plan)).not.toContain(root);
    write({
      'deployments/shop.yaml': `# a comment\n${yaml().replace('name: api, tag', 'name: other, tag')}`,
    });
    const after = await plan();
    expect(canonicalJson(after.plan)).toBe(canonicalJson(before.plan));
    expect(after.publish.name).toBe('other');
  });

  it('keeps templates of git unrendered, and labels with them out of the image', async () => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml() });
    const { plan: record, publish } = await plan();
    expect(entry(record).settings.labels).toEqual({ a: 'api' });
    expect(publish.annotations).toEqual({ b: '{{ git.sha }}' });
    expect(publish.tags).toEqual(['{{ git.branch }}']);
  });

  it.each([
    ['a file', () => write({ 'api/main.go': 'package main // edited\n' })],
    [
      'a variable',
      () => write({ 'deployments/shop.yaml': yaml('          env: { LEVEL: debug }') }),
    ],
    [
      'the base',
      () => write({ 'deployments/shop.yaml': yaml().replaceAll('1'.repeat(64), '2'.repeat(64)) }),
    ],
  ])('gives another key for another %s', async (_what, change) => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml() });
    const before = await plan();
    change();
    expect(canonicalJson((await plan()).plan)).not.toBe(canonicalJson(before.plan));
  });

  it('takes a pinned digest from the lock file, without a connection', async () => {
    write({
      ...SOURCE,
      'deployments/shop.yaml': yaml('', 'build_image: r.example.com/base:1'),
      'nixpack.lock.json': JSON.stringify({
        images: { 'r.example.com/base:1': { 'linux/amd64': DIGEST } },
      }),
    });
    expect(entry((await plan()).plan).bases.build?.digest).toBe(DIGEST);
  });

  it('refuses to build without a toolchain before it looks at any base', async () => {
    const text = yaml('', 'build_image: r.example.com/base:1').replace('toolchain: base, ', '');
    write({ ...SOURCE, 'deployments/shop.yaml': text });
    await expect(plan()).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringMatching(
        /toolchain of nx-nixpack in nx.json to debian.*toolchain: base.*build_image/,
      ) as string,
      at: { file: 'deployments/shop.yaml', line: 5, column: 7 },
    });
  });

  it('refuses a file that names what is not built when it is read', () => {
    write({
      'api/go.mod': '',
      'deployments/shop.yaml': yaml().replace('toolchain: base', 'toolchain: nix'),
    });
    const { deployments, problems } = readWorkspace(root);
    expect(deployments.flatMap(({ components }) => components)).toEqual([]);
    expect(problems).toMatchObject([{ code: 'UNSUPPORTED', at: { line: 10, column: 43 } }]);
  });

  it('warns once of what a file says and nothing looks at', async () => {
    write({
      ...SOURCE,
      'deployments/shop.yaml': yaml('          start_cmd: ./out') + '  stacks: [a]\n',
    });
    const warnings: string[] = [];
    await plan(warnings);
    expect(warnings.filter((text) => text.includes('Stacks'))).toHaveLength(1);
  });

  it('says where a package is named that the toolchain does not know, before it asks anybody', async () => {
    const text = yaml(
      '          pkgs: [jq, nosuchthing]\n          libs:\n            - nosuchlib',
      'smoke: off',
    )
      .replace('toolchain: base', 'toolchain: debian')
      .replace(/run_image: "[^"]*", /, '');
    write({ ...SOURCE, 'deployments/shop.yaml': text });
    await expect(plan()).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      problems: [
        {
          message: expect.stringContaining('"nosuchthing"') as string,
          at: { line: 9, column: 22 },
        },
        { message: expect.stringContaining('"nosuchlib"') as string, at: { line: 11, column: 15 } },
      ],
    });
  });

  it('says where a base is named that cannot be had', async () => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml('', 'build_image: oci:nowhere') });
    await expect(plan()).rejects.toMatchObject({
      code: 'BASE_INVALID',
      at: { file: 'deployments/shop.yaml', line: 10, column: 166 },
    });
  });

  it('refuses a base that is not pinned when the lock is required', async () => {
    write({
      ...SOURCE,
      'deployments/shop.yaml': yaml('', 'build_image: r.example.com/base:1, require_lock: true'),
    });
    await expect(plan()).rejects.toMatchObject({ code: 'BASE_INVALID' });
  });

  it('says that nothing was recognized, or that nothing starts', async () => {
    write({ 'api/notes.txt': 'x', 'deployments/shop.yaml': yaml() });
    await expect(plan()).rejects.toMatchObject({ code: 'PLAN_NOTHING_DETECTED' });
    write({ 'deployments/shop.yaml': yaml('          build_cmd: make') });
    await expect(plan()).rejects.toMatchObject({ code: 'PLAN_START_MISSING' });
  });

  it('explains which files install reads, and shows nothing that a terminal obeys', async () => {
    write({ ...SOURCE, 'deployments/shop.yaml': yaml('          start_cmd: ./out') });
    const planned = await plan();
    const text = describePlan(planned, { explain: true, json: false });
    expect(text).toMatch(/go: yes, found .*main.go/);
    expect(text).toMatch(/install runs again only when these change: go\.mod$/m);
    const start = { cmd: 'echo \u001b[2J\u202e\u009b' };
    const one = entry(planned.plan);
    const platforms = { 'linux/amd64': { ...one, plan: { ...one.plan, start } } };
    const hostile = { ...planned, plan: { ...planned.plan, platforms } };
    const dangerous = /[\u001b\u202e\u009b]/;
    expect(describePlan(hostile, { explain: false, json: false })).not.toMatch(dangerous);
    const json = describePlan(hostile, { explain: false, json: true });
    expect(json).not.toMatch(dangerous);
    expect(entry(JSON.parse(json) as PlanRecord).plan.start).toEqual(start);
  });

  it('says where to name another base when the planner chose one that cannot be had', async () => {
    const text = yaml('', 'require_lock: true').replace(/run_image: "[^"]*", /, '');
    write({ ...SOURCE, 'deployments/shop.yaml': text });
    await expect(plan()).rejects.toMatchObject({
      hint: expect.stringContaining('build_image') as string,
    });
  });
});
