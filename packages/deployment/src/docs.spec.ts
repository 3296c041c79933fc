import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, shop } from './shop.fixture.js';

const ROOT = join(__dirname, '../../..');

const pages = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const readmes = readdirSync(join(ROOT, 'packages'))
  .map((name) => join('packages', name, 'README.md'))
  .filter((path) => {
    try {
      return readFileSync(join(ROOT, path)).length > 0;
    } catch {
      return false;
    }
  });

interface Block {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  /** Marked as a file that can be built. */
  readonly complete: boolean;
}

/** Every block of YAML in the documentation. */
const blocks = ['README.md', ...pages('docs'), ...readmes].flatMap((page): Block[] => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/(<!-- complete -->\n+)?^```yaml\n([^]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    text: match[2] ?? '',
    complete: match[1] !== undefined,
  }));
});

/** Files of other programs say their name in the first line. */
const isForeign = ({ text }: Block): boolean => /^# \.?[\w-]+\.ya?ml$/m.test(text);

const indented = (text: string, spaces: number): string =>
  text.replace(/^(?=.)/gm, ' '.repeat(spaces));

/** A part of a file in a file: of a component, or of its settings. */
function fileOf({ text }: Block): string {
  if (/^deployment:/m.test(text)) return text;
  if (/^secrets:/m.test(text)) return shop({ settings: text });
  const component = /^vars:/m.test(text)
    ? text.replace(/^vars:\n/m, 'vars:\n  image: { registry: r.example.com, name: api }\n')
    : `vars: { source: services/api, image: { registry: r.example.com, name: api } }\n${text}`;
  const sourced = /^ {2}(?:source|base):/m.test(component)
    ? component
    : component.replace(/^vars:\n/m, 'vars:\n  source: services/api\n');
  return `deployment:\n  name: shop\n  components:\n    nixpack:\n      api:\n${indented(sourced, 8)}`;
}

describe('the YAML of the documentation', () => {
  const own = blocks.filter((block) => !isForeign(block));

  it('is found', () => {
    expect(own.length).toBeGreaterThan(12);
    expect(own.filter(({ complete }) => complete).length).toBeGreaterThan(1);
  });

  it.each(own.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s loads',
    (_place, block) => {
      const { problems, unsupported } = load(fileOf(block));
      expect([...problems, ...unsupported]).toEqual([]);
    },
  );

  it.each(
    own
      .filter(({ complete }) => complete)
      .map((block) => [`${block.page}:${block.line}`, block] as const),
  )('%s is complete: it says who brings the tools', (_place, block) => {
    const [component] = load(fileOf(block)).deployment?.components ?? [];
    const { toolchain, buildImage } = component?.type === 'nixpack' ? component.settings : {};
    expect(toolchain === 'debian' || buildImage?.kind === 'registry').toBe(true);
  });
});
