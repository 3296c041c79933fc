import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { resolveOptions } from './resolve-options.js';

describe('the options of the plugin', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'options-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  /** What is wrong with options that stand in nx.json. */
  function problemsOf(options: object, text = JSON.stringify({ options }, undefined, 2)): string[] {
    writeFileSync(join(root, 'nx.json'), text);
    try {
      resolveOptions(options, root);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.problems.map(
        ({ code, message, hint, at }) =>
          `${at?.file}:${at?.line}:${at?.column} ${code} ${message}. ${hint}`,
      );
    }
  }

  const nxJson = (options: string) => `{
  // what we build with
  "plugins": ["@nx/js", { "plugin": "nx-nixpack", "options": ${options} }]
}`;

  it('have defaults', () => {
    expect(resolveOptions(undefined, root)).toMatchObject({
      deployments: 'deployments/**/*.{yaml,yml}',
      buildTargetName: 'build-image',
      projectNames: 'component',
      toolchain: 'nix',
      requireSignedResults: false,
    });
    expect(resolveOptions({ sbomTargetName: 'bom' }, root).sbomTargetName).toBe('bom');
  });

  it('are refused when one is misspelled, with the nearest name and the place in nx.json', () => {
    const options = '{ "buildTargetNam": "image" }';
    expect(problemsOf({ buildTargetNam: 'image' }, nxJson(options))).toEqual([
      'nx.json:3:64 CONFIG_UNKNOWN_KEY Unknown key "buildTargetNam" at the top. Did you mean buildTargetName?',
    ]);
  });

  it('are refused with all that is wrong at once', () => {
    const options = {
      projectNames: 'componnt',
      requireSignedResults: 'yes',
      store: 5,
      deployments: '',
    };
    const problems = problemsOf(options, nxJson(JSON.stringify(options)));
    expect(problems.map((text) => text.split(' ')[1])).toEqual([
      'CONFIG_INVALID_VALUE',
      'CONFIG_INVALID_VALUE',
      'CONFIG_WRONG_TYPE',
      'CONFIG_WRONG_TYPE',
    ]);
    expect(problems.every((text) => text.startsWith('nx.json:3:'))).toBe(true);
  });

  it('are refused also where nx.json does not hold them itself', () => {
    expect(problemsOf({ stoer: 'x' }, '{"extends":"base.json"}')).toEqual([
      'nx.json:1:1 CONFIG_UNKNOWN_KEY Unknown key "stoer" at the top. Did you mean store?',
    ]);
  });

  it('are refused when a further entry of nx.json has the mistake', () => {
    const text =
      '{"plugins":[{"plugin":"nx-nixpack","options":{}},{"plugin":"nx-nixpack","options":{"stoer":"x"}}]}';
    expect(problemsOf({ stoer: 'x' }, text)).toEqual([
      `nx.json:1:${text.indexOf('"stoer"') + 1} CONFIG_UNKNOWN_KEY Unknown key "stoer" at the top. Did you mean store?`,
    ]);
  });

  it.each([{ sbomTargetName: 'image', buildTargetName: 'image' }, { planTargetName: 'sbom' }])(
    'are refused when two tasks get one name: %j',
    (options) => {
      expect(problemsOf(options, nxJson(JSON.stringify(options)))).toEqual([
        expect.stringContaining(
          'CONFIG_INVALID_VALUE Two tasks would have targets called',
        ) as string,
      ]);
    },
  );
});
