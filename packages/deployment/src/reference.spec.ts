import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { documented, flag, settings, withDefault, jsonSchemaOf } from '@nx-nixpack/data';
import { parse } from 'yaml';
import { deploymentJsonSchema, referenceTables } from './reference.js';
import { NAMES } from './shop.fixture.js';

const rowOf = (section: string, key: string) =>
  referenceTables(NAMES)[section]?.find((row) => row.key === key);

describe('referenceTables', () => {
  it('says value, meaning and default of a key', () => {
    expect(rowOf('settings.nixpack', 'dev_dependencies')).toEqual({
      key: 'dev_dependencies',
      value: '`keep`, `drop`, `auto`',
      meaning:
        '`auto` drops what only the build needs, unless the start needs it; `keep` is nixpacks; default `auto`',
      built: '',
    });
    expect(rowOf('deployment', 'name')?.value).toBe('text, required');
    expect(rowOf('settings.nixpack', 'sbom')?.meaning).toBe('See [sbom](#sbom)');
  });

  it('says what is not built', () => {
    expect(rowOf('settings.nixpack', 'engine')?.built).toBe('not yet: `buildkit`, `buildah`');
    expect(rowOf('vars', 'prebuilt')?.built).toBe('not yet');
    expect(rowOf('deployment', 'stacks')?.built).toBe('kept, not read');
  });
});

describe('deploymentJsonSchema', () => {
  const validate = new Ajv({ strictTypes: false }).compile(deploymentJsonSchema(NAMES));
  const isValid = (text: string): boolean => validate(parse(text, { schema: 'core' }));

  it('takes what the documentation shows', () => {
    const page = readFileSync(join(__dirname, '../../../docs/deployment-file.md'), 'utf8');
    const examples = [...page.matchAll(/<!-- complete -->\n+```yaml\n([^]*?)^```$/gm)];
    expect(examples).toHaveLength(2);
    for (const [, text] of examples)
      expect([isValid(text ?? ''), validate.errors]).toEqual([true, null]);
  });

  it.each([
    'deployment: { nam: shop }',
    'deployment: { name: shop, components: { nixpack: { api: { vars: { sourc: . } } } } }',
    'deployment: { name: shop, components: { nixpack: { api: { vars: { source: . }, settings: { nixpack: { publish: 1 } } } } } }',
    'deployment: { name: shop, components: { nixpack: { api: { vars: { source: . }, settings: { nixpack: { engine: docker } } } } } }',
  ])('refuses %s', (text) => {
    expect(isValid(text)).toBe(false);
  });
});

describe('a setting', () => {
  it('is one line: its key, type, default and meaning are in all that is derived', () => {
    const shape = settings({
      shiny: documented('Whether it shines', withDefault(flag, false)),
    });
    expect(jsonSchemaOf(shape)).toMatchObject({
      properties: { shiny: { type: 'boolean', default: false, description: 'Whether it shines' } },
    });
  });
});
