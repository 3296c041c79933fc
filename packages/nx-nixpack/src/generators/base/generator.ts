import { globAsync, logger, readNxJson, type Tree } from 'nx/src/devkit-exports';
import { didYouMean, quote, UserError } from '@nx-nixpack/base';
import { deploymentNameIn, emptyDeployment, withImageComponent } from '@nx-nixpack/deployment';
import { KNOWN_NAMES } from '@nx-nixpack/sdk/workspace';
import { optionsFromNxJson } from '../../options/resolve-options.js';
import { formatted } from '../formatted.js';
import type { BaseOptions } from './schema.js';

/** Of the deployment that is made when there is none. */
const NEW = { name: 'bases', file: 'deployments/bases.yaml' };

/** Adds a base to a deployment file: a component that names runtimes instead of a source. */
export default async function base(tree: Tree, options: BaseOptions): Promise<void> {
  const { purpose = 'build' } = options;
  const [language = '', written = ''] = options.language.split('@');
  const version = options.version ?? written;
  const runtimes = Object.fromEntries([[language, version], ...toolsIn(options.tools ?? '')]);
  for (const name of Object.keys(runtimes)) requireRuntime(name);
  const name = options.name ?? nameOf(language, version);
  const { file, text } = await deploymentFile(tree, options.deployment);
  const component = {
    vars: { base: { runtimes, purpose }, ...imageOf(options.image) },
    ...(options.image === undefined ? { settings: { nixpack: { publish: false } } } : {}),
  };
  tree.write(file, withImageComponent({ file, text }, name, component));
  if (!options.skipFormat) await formatted(tree);
  logger.info(
    `${file}: ${name} is a base. Name it in the settings of other components of the deployment, with toolchain: base, as\n  ${purpose}_image: "{{ nixpack.${name}.ref }}"`,
  );
}

/** `yarn,pnpm@9` */
const toolsIn = (text: string): [string, string][] =>
  text
    .split(',')
    .map((tool) => tool.trim())
    .filter((tool) => tool !== '')
    .map((tool) => {
      const [name = '', version = ''] = tool.split('@');
      return [name, version];
    });

function requireRuntime(name: string): void {
  const known = KNOWN_NAMES.runtimes();
  if (known.includes(name)) return;
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `${quote(name)} is no runtime that a base can have`,
    hint: didYouMean(name, known),
  });
}

const nameOf = (language: string, version: string): string =>
  [language, ...version.toLowerCase().split(/[^a-z0-9]+/)].filter(Boolean).join('-');

/** `registry.example.com/bases/node` */
function imageOf(image: string | undefined): object {
  const [registry, ...name] = image?.split('/') ?? [];
  return registry === undefined ? {} : { image: { registry, name: name.join('/') } };
}

async function deploymentFile(
  tree: Tree,
  wanted: string | undefined,
): Promise<{ readonly file: string; readonly text: string }> {
  const { deployments } = optionsFromNxJson(readNxJson(tree) ?? undefined, tree.root);
  const files = (await globAsync(tree, [deployments])).sort();
  const all = files.map((file) => ({ file, text: tree.read(file, 'utf8') ?? '' }));
  const named = all.map((one) => ({ ...one, name: deploymentNameIn(one.text) ?? '' }));
  const found = wanted === undefined ? named : named.filter(({ name }) => name === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (named.length === 0) return { file: NEW.file, text: emptyDeployment(wanted ?? NEW.name) };
  const names = named.map(({ name }) => name);
  throw new UserError({
    code: 'CONFIG_UNKNOWN_COMPONENT',
    message:
      wanted === undefined
        ? 'There are several deployments that could have the base'
        : `There is no deployment ${quote(wanted)}`,
    hint:
      wanted === undefined
        ? `Name one: --deployment ${names.join(' or ')}.`
        : didYouMean(wanted, names),
  });
}
