import { setting } from '../environment.js';
import { planFault } from '../../source/manifest.js';
import type { Environment, PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { isGlob } from '../../source/glob.js';
import { readCargoToml } from './cargo-toml.js';
import type { CargoToml } from './cargo-toml.js';

/** The package of a workspace to build: the one that is named, else the first member with a program. */
export function workspaceBinary(
  source: SourceTree,
  env: Environment,
  target: PlanContext,
  cargo: CargoToml,
): string | undefined {
  const named = setting(env, 'CARGO_WORKSPACE');
  if (named !== undefined || cargo.workspace === undefined) return named;
  const { 'default-members': defaults = [], members = [], exclude = [] } = cargo.workspace;
  const wanted = [...defaults, ...members].filter((member) => !exclude.includes(member));
  for (const member of wanted.flatMap((each) => expanded(source, each, target.conformance))) {
    const name = binaryOf(source, member, target);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** A pattern stands for every directory that matches, at any depth; nixpacks stops at one that is not a crate (quirk Q16). */
function expanded(source: SourceTree, member: string, conformance: boolean): readonly string[] {
  if (!/[*?]/.test(member)) return [member];
  if (!isGlob(member))
    throw planFault({
      message: `"${member}" is not a pattern`,
      hint: 'Correct "members" of the workspace.',
      file: 'Cargo.toml',
    });
  const directories = source.directories(member);
  return conformance
    ? directories
    : directories.filter((directory) => source.has(`${directory}/Cargo.toml`));
}

/** The package's name when it has a program, or at least no library. */
function binaryOf(source: SourceTree, directory: string, target: PlanContext): string | undefined {
  const file = `${directory}/Cargo.toml`;
  const cargo = readCargoToml(source, target, file);
  if (cargo === undefined) {
    throw planFault({
      message: `${file} does not exist, but the workspace names it`,
      hint: 'Correct "members" of the workspace.',
      file: 'Cargo.toml',
    });
  }
  const hasLibrary = cargo.lib !== undefined || source.has(`${directory}/src/lib.rs`);
  return cargo.package !== undefined && (hasPrograms(source, directory, cargo) || !hasLibrary)
    ? cargo.package.name
    : undefined;
}

function hasPrograms(source: SourceTree, directory: string, cargo: CargoToml): boolean {
  if ((cargo.bin?.length ?? 0) > 0) return true;
  if (cargo.package?.autobins === false) return false;
  return source.has(`${directory}/src/main.rs`) || source.isDirectory(`${directory}/src/bin`);
}
