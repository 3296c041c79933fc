import { inWorkspace } from '@nx-nixpack/base';
import { loadDeployment, type LoadedDeployment } from './load-deployment.js';
import type { KnownNames } from './schema/known-names.js';
import type { ToolchainName } from './schema/settings.js';

/** What other packages bring, for specs. */
export const NAMES: KnownNames = {
  providers: () => ['c#', 'go', 'node', 'python'],
  engines: () => ['embedded'],
  runtimes: () => ['node', 'python', 'yarn'],
  sbomFormats: () => ['cyclonedx-json', 'spdx-json'],
};

const DIRECTORIES = new Set(['', 'assets', 'services', 'services/api', 'services/web']);

/** Loads a file of a workspace that has services/api and services/web; services/link leads out of it. */
export function load(
  content: string | Uint8Array,
  allowedEnv?: readonly string[],
  names: KnownNames = NAMES,
  defaultToolchain?: ToolchainName,
): LoadedDeployment {
  return loadDeployment({
    file: inWorkspace`deployments/shop.yaml`,
    names,
    content: typeof content === 'string' ? Buffer.from(content) : content,
    workspace: {
      isDirectory: (path) => DIRECTORIES.has(path),
      leavesWorkspace: (path) => path === 'services/link',
    },
    ...(allowedEnv && { allowedEnv }),
    ...(defaultToolchain && { defaultToolchain }),
  });
}

/** `LINE:COLUMN CODE` of each problem. */
export const problemsOf = (content: string | Uint8Array): string[] =>
  load(content).problems.map(({ at, code }) => `${at?.line}:${at?.column} ${code}`);

const MARK = /«([A-Z_]+)»/;

/** Takes the marks `«CODE»` out of a text; each says that this code is expected where it stands. */
export function unmark(marked: string): { text: string; expected: string[] } {
  const expected: string[] = [];
  let text = marked;
  for (let mark = MARK.exec(text); mark; mark = MARK.exec(text)) {
    const before = [...text.slice(0, mark.index)];
    const line = before.filter((character) => character === '\n').length + 1;
    const column = before.length - before.lastIndexOf('\n');
    expected.push(`${line}:${column} ${mark[1]}`);
    text = text.slice(0, mark.index) + text.slice(mark.index + mark[0].length);
  }
  return { text, expected };
}

/** Expects exactly the problems that the marks of a text name. */
export function expectMarked(marked: string): void {
  const { text, expected } = unmark(marked);
  expect(problemsOf(text)).toEqual(expected);
}

const indented = (text: string | undefined, spaces: number): string =>
  text === undefined ? '' : text.replace(/^(?=.)/gm, ' '.repeat(spaces)).concat('\n');

interface Shop {
  readonly image?: string;
  readonly vars?: string;
  readonly metadata?: string;
  readonly settings?: string;
  /** Further components, as they stand below `components`. */
  readonly components?: string;
  /** Further keys of the deployment. */
  readonly rest?: string;
}

/** A deployment with one image component, `api`; each part is YAML of its own. */
export function shop(parts: Shop = {}): string {
  const image = parts.image ?? 'registry: registry.example.com, name: api';
  const metadata =
    parts.metadata === undefined ? '' : `        metadata:\n${indented(parts.metadata, 10)}`;
  const settings =
    parts.settings === undefined
      ? ''
      : `        settings:\n          nixpack:\n${indented(parts.settings, 12)}`;
  return `deployment:
  name: shop
  components:
    nixpack:
      api:
        vars:
          source: ./services/api
          image: { ${image} }
${indented(parts.vars, 10)}${metadata}${settings}${indented(parts.components, 4)}${indented(parts.rest, 2)}`;
}

/** An image component in one line, as it stands below `nixpack`. */
export const component = (name: string, dependsOn = '', source = 'services/api'): string =>
  `${name}: { metadata: { depends_on: [${dependsOn}] }, vars: { source: ${source}, image: { registry: r.example.com, name: ${name} } } }`;

/** A deployment of image components, one a line, and other components. */
export function components(nixpack: readonly string[], others = ''): string {
  const lines = nixpack.map((line) => `      ${line}\n`).join('');
  return `deployment:\n  name: shop\n  components:\n    nixpack:\n${lines}${indented(others, 4)}`;
}
