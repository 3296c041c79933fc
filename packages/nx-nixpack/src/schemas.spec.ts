import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const json = (path: string) =>
  JSON.parse(readFileSync(join(__dirname, path), 'utf8')) as Record<string, never>;
const folders = (path: string) =>
  readdirSync(join(__dirname, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe.each([
  ['executors', '../executors.json', 'implementation'],
  ['generators', '../generators.json', 'factory'],
])('%s', (kind, file, entryPoint) => {
  const registered = json(file)[kind] as unknown as Record<string, Record<string, string>>;

  it('are all registered, and nothing else', () => {
    expect(Object.keys(registered).sort()).toEqual(folders(kind).sort());
  });

  it.each(folders(kind))('%s has a schema whose properties are those of its type', (name) => {
    const { properties, required = [] } = json(`${kind}/${name}/schema.json`) as unknown as {
      properties: Record<string, unknown>;
      required?: string[];
    };
    const type = readFileSync(join(__dirname, kind, name, 'schema.d.ts'), 'utf8');
    const members = [...type.matchAll(/readonly (\w+)(\??):/g)];
    expect(members.map(([, member]) => member).sort()).toEqual(Object.keys(properties).sort());
    expect(members.filter(([, , optional]) => optional === '').map(([, member]) => member)).toEqual(
      required,
    );
  });

  it.each(folders(kind))('%s names a description and an entry point of its own folder', (name) => {
    expect(registered[name]?.['description']).toBeTruthy();
    expect(registered[name]?.[entryPoint]).toContain(`/${kind}/${name}/`);
  });
});
