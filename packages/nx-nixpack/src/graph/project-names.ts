import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem } from '@nx-nixpack/base';
import type { ResolvedOptions } from '../options/options.js';
import { membersOf, type ComponentProject } from './projects.js';

/** What the names of projects depend on besides the deployment files. */
export interface NamingFiles {
  readonly workspaceRoot: string;
  /** Every package.json and project.json that Nx sees, relative to the root. */
  readonly files: readonly string[];
  /** Whether the package manager's workspace has the directory: of others, Nx takes no package.json for a project. */
  isMember(directory: string): boolean;
}

type ProjectNames = Pick<ResolvedOptions, 'projectNames'>;

interface SettledNames {
  readonly projects: readonly ComponentProject[];
  readonly problems: readonly Problem[];
  /** Names of all projects that are known, those of other plugins' making aside. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Settles the names: a directory with a name of its own keeps it, whatever its component is called; of the others, each name
 * may stand for one directory only. A clash is a problem at the place of the component.
 */
export function settleNames(
  projects: readonly ComponentProject[],
  options: ProjectNames,
  naming: NamingFiles,
): SettledNames {
  const names = new ExistingNames(naming);
  const unnamed: ComponentProject[] = [];
  const problems: Problem[] = [];
  const settled = projects.map((project) => {
    const own = names.nameOf(project.root);
    if (own !== undefined) return { ...project, name: own };
    const other = names.holderOf(project) ?? unnamed.find(({ name }) => name === project.name);
    if (other !== undefined) problems.push(clash(project, other, options));
    unnamed.push(project);
    return project;
  });
  return {
    projects: settled,
    problems,
    taken: new Set([...settled.map(({ name }) => name), ...names.all()]),
  };
}

/** The names that files of the workspace give to directories. Files are read when the first name needs them. */
class ExistingNames {
  readonly #naming: NamingFiles;
  readonly #files: ReadonlySet<string>;
  #holders: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(naming: NamingFiles) {
    this.#naming = naming;
    this.#files = new Set(naming.files);
  }

  /** undefined: no file of the directory names it. */
  nameOf(root: string): string | undefined {
    const project = this.#nameIn(root, 'project.json');
    if (project !== undefined) return project;
    const counts = this.#files.has(at(root, 'project.json')) || this.#naming.isMember(root);
    return counts ? this.#nameIn(root, 'package.json') : undefined;
  }

  /** Another directory that has the name of the project already. */
  holderOf({ name, root }: ComponentProject): { readonly root: string } | undefined {
    this.#holders ??= this.#readAll();
    const other = (this.#holders.get(name) ?? []).find(
      (holder) => holder !== root && this.nameOf(holder) === name,
    );
    return other === undefined ? undefined : { root: other };
  }

  /** Every name that a file gives to its directory. */
  all(): readonly string[] {
    this.#holders ??= this.#readAll();
    return [...this.#holders].flatMap(([name, roots]) =>
      roots.some((root) => this.nameOf(root) === name) ? [name] : [],
    );
  }

  /** Directories by the names that their files give, whether they count or not. */
  #readAll(): ReadonlyMap<string, readonly string[]> {
    const holders = new Map<string, string[]>();
    for (const file of this.#naming.files) {
      const name = nameIn(join(this.#naming.workspaceRoot, file));
      if (name !== undefined) holders.set(name, [...(holders.get(name) ?? []), dirname(file)]);
    }
    return holders;
  }

  #nameIn(root: string, file: string): string | undefined {
    const path = at(root, file);
    return this.#files.has(path) ? nameIn(join(this.#naming.workspaceRoot, path)) : undefined;
  }
}

const at = (root: string, file: string): string => (root === '.' ? file : `${root}/${file}`);

/** `nx.name` of a package.json goes before its name, as in Nx. */
function nameIn(path: string): string | undefined {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as {
      name?: unknown;
      nx?: { name?: unknown };
    };
    const name = json.nx?.name ?? json.name;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined; // absent or malformed: Nx says so itself
  }
}

function clash(
  project: ComponentProject,
  other: ComponentProject | { readonly root: string },
  { projectNames }: ProjectNames,
): Problem {
  const at = membersOf(project)[0]?.component.at;
  const related = isProject(other) ? membersOf(other).map(({ component }) => component.at) : [];
  const rename = `Rename the component, or give ${project.root} a name of its own in a project.json`;
  return {
    code: 'CONFIG_DUPLICATE_PROJECT',
    message: `The project of ${project.root} would be called "${project.name}", and so is ${other.root}`,
    hint:
      projectNames === 'component'
        ? `${rename}, or set projectNames of nx-nixpack to "deployment-component" in nx.json.`
        : `${rename}.`,
    ...(at && { at }),
    related,
  };
}

const isProject = (other: object): other is ComponentProject => 'components' in other;
