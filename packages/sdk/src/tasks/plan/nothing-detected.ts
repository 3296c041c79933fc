import { baseName, compareText, UserError } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { SourceTree } from '@nx-nixpack/plan';

/** Files that make a directory the source of some language. */
const MANIFESTS = [
  'package.json',
  'requirements.txt',
  'pyproject.toml',
  'go.mod',
  'Cargo.toml',
  'pom.xml',
  'gradlew',
  'Gemfile',
  'composer.json',
  'mix.exs',
  'deno.json',
  'index.html',
] as const;
const SHOWN = 4;

/** Nothing says which language a source is in: the error tells what is there instead, and what to do with it. */
export function nothingDetected(component: NixpackComponent, source: SourceTree): UserError {
  const { id, vars, at } = component;
  const targets = source.has('project.json') ? targetsOf(source) : undefined;
  const seen =
    targets === undefined
      ? ''
      : `: it is a project of Nx without a package.json of its own (project.json has ${targets.length === 0 ? 'no targets' : `the targets ${targets.join(', ')}`})`;
  return new UserError({
    code: 'PLAN_NOTHING_DETECTED',
    message: `${id}: no language was recognized in ${vars.source || '.'}${seen}`,
    hint: targets === undefined ? below(source) : nxWays(vars.source ?? '', targets),
    at,
  });
}

/** The names of its targets; none when it cannot be read. */
function targetsOf(source: SourceTree): readonly string[] {
  try {
    const project = JSON.parse(source.read('project.json') ?? '') as { targets?: object };
    return Object.keys(project.targets ?? {}).sort(compareText);
  } catch {
    return [];
  }
}

function nxWays(directory: string, targets: readonly string[]): string {
  const name = baseName(directory);
  const target = targets.includes('build') ? 'build' : (targets[0] ?? 'build');
  const prebuilt = `build it on the host and take what it leaves: prebuilt: { target: ${target}, path: dist/${directory} } with a start_cmd`;
  return directory === `apps/${name}` && target === 'build'
    ? `Build it in the image with the whole workspace: source: . and build_env: { NIXPACKS_NX_APP_NAME: ${name} }; or ${prebuilt}.`
    : `${prebuilt.charAt(0).toUpperCase()}${prebuilt.slice(1)}.`;
}

/** Directories below that would be recognized. */
function below(source: SourceTree): string {
  const found = source.children
    .filter((name) => source.isDirectory(name) && !name.startsWith('.'))
    .filter((name) => MANIFESTS.some((file) => source.has(`${name}/${file}`)))
    .sort(compareText);
  const places =
    found.length === 0
      ? ''
      : `, e.g. to one of its directories (${found.slice(0, SHOWN).join(', ')}${found.length > SHOWN ? ' …' : ''})`;
  return `Set \`source\` to the directory with the program${places}, or say how to build it with install_cmd, build_cmd and start_cmd, or with providers.`;
}
