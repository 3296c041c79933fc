import { dictionary, optional, parseToml, text } from '@nx-nixpack/data';
import type { Question } from '../../amendments/amendment.js';
import { facts, tryManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { startExtension, type Start } from '../start.js';
import { isPlain, moduleAt } from './modules.js';

/** Files that are usually the program, likely ones first. */
const FILES = [
  'app.py',
  'server.py',
  'run.py',
  'wsgi.py',
  'bot.py',
  'index.py',
  'start.py',
  'api.py',
  'cli.py',
  'src/main.py',
  'app/main.py',
  'src/app.py',
] as const;
/** Names of scripts that start a service rather than a tool. */
const SERVICES = ['serve', 'server', 'start', 'web', 'app', 'main', 'run'] as const;

const texts = optional(dictionary(text()));
const pyproject = facts({
  project: optional(facts({ name: optional(text()), scripts: texts })),
  tool: optional(facts({ poetry: optional(facts({ name: optional(text()), scripts: texts })) })),
});

/** A program that is neither main.py nor a web framework's: a script of pyproject.toml, a package with __main__.py, a file that is named like one. */
export const pythonProgram = startExtension('python-program', ['python'], (question) => {
  const cmd = question.plan.start?.cmd;
  if (cmd !== undefined && !cmd.startsWith('python -m ')) return undefined;
  const { source } = question;
  const named = cmd?.slice('python -m '.length);
  if (named !== undefined && hasMain(source, named)) return undefined;
  return script(source, named) ?? packageMain(source, named) ?? file(question);
});

/** Whether `python -m NAME` runs: a module, or a package that can be run. */
const hasMain = (source: SourceTree, name: string): boolean =>
  ['', 'src/'].some(
    (root) => source.has(`${root}${name}.py`) || source.has(`${root}${name}/__main__.py`),
  );

function script(source: SourceTree, named: string | undefined): Start | undefined {
  const { project, tool } = tryManifest(source, 'pyproject.toml', parseToml, pyproject) ?? {};
  const scripts = [...(project?.scripts ?? tool?.poetry?.scripts ?? new Map()).keys()];
  const usable = scripts.filter((each) => /^[\w.-]+$/.test(each));
  const ownName = project?.name ?? tool?.poetry?.name ?? named;
  const chosen =
    usable.find((each) => SERVICES.some((name) => name === each)) ??
    usable.find((each) => each === ownName) ??
    usable[0];
  if (chosen === undefined) return undefined;
  return {
    cmd: chosen,
    because: `script "${chosen}" of pyproject.toml`,
    guess:
      usable.length > 1
        ? `"${chosen}" is one of the scripts of pyproject.toml (${usable.join(', ')}): set start_cmd for another one`
        : undefined,
  };
}

/** Distributions may have dashes in their names, modules may not. */
function packageMain(source: SourceTree, named: string | undefined): Start | undefined {
  const name = named?.replaceAll('-', '_');
  if (name !== undefined && name !== named && /^\w+$/.test(name) && hasMain(source, name))
    return { cmd: `python -m ${name}`, because: `the module of ${named}` };
  const [main] = source
    .files('**/__main__.py')
    .filter((path) => /^(?:src\/)?(?:[\w-]+\/)?__main__\.py$/.test(path))
    .filter((path) => !/^(?:tests?|docs?|examples?|venv)\//.test(path));
  if (main === undefined) return undefined;
  const module = moduleAt(source, main);
  if (!isPlain(module)) return undefined;
  if (main === '__main__.py') return { cmd: 'python .', because: main };
  const runnable = module.name.replace(/\.__main__$/, '');
  const path = module.root === '' ? '' : `PYTHONPATH=${module.root} `;
  return { cmd: `${path}python -m ${runnable}`, because: main };
}

function file({ source }: Question): Start | undefined {
  const known = FILES.find((path) => source.has(path));
  const roots = source.files('*.py').filter((path) => !path.includes('/') && path !== 'setup.py');
  const runnable = roots.filter((path) =>
    /^if __name__ == ['"]__main__['"]/m.test(source.read(path) ?? ''),
  );
  const only = roots.length === 1 ? roots[0] : undefined;
  const path = known ?? (runnable.length === 1 ? runnable[0] : undefined) ?? only;
  if (path === undefined || !/^[\w./-]+$/.test(path)) return undefined;
  return {
    cmd: `python ${path}`,
    because: `${path} is named like a program or is the only one`,
    guess: `${path} was chosen by its name: set start_cmd for another program`,
  };
}
