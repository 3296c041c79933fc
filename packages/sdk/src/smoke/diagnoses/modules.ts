import { encodeText, joinPath } from '@nx-nixpack/base';
import type { Cause, Diagnosis } from '../diagnosis.js';
import { developmentPackages } from '../manifest.js';
import { outputOf, type SourceFiles, type Trial } from '../trial.js';

export const nodeModuleMissing: Diagnosis = {
  name: 'Node module not found',
  find(trial) {
    const name =
      /Cannot find (?:module|package) '([^']+)'/.exec(outputOf(trial))?.[1] ??
      /Module not found "([^"]+)"/.exec(outputOf(trial))?.[1];
    if (name === undefined) return undefined;
    return /^(?:[./]|file:)/.test(name) ? ownFile(name) : packageMissing(trial, name);
  },
};

const ownFile = (name: string): Cause => ({
  cause: `the file ${name} is not in the image`,
  advice:
    'Check that a phase makes it (build_cmd) and that start_cmd names what the build leaves; include brings files that ignore rules leave out.',
});

function packageMissing({ source }: Trial, name: string): Cause {
  const [scope = '', rest] = name.split('/');
  const wanted = scope.startsWith('@') && rest !== undefined ? `${scope}/${rest}` : scope;
  const isDevelopment = developmentPackages(source).includes(wanted);
  return {
    cause: `the package ${wanted} is not in the image`,
    advice: isDevelopment
      ? `Move ${wanted} from devDependencies to dependencies, or set dev_dependencies: keep.`
      : `Add ${wanted} to the dependencies of package.json, and update the lock file.`,
  };
}

export const pythonModuleMissing: Diagnosis = {
  name: 'Python module not found',
  find(trial) {
    const found =
      /No module named '?([\w.-]+?)'?(?:;|$)/m.exec(outputOf(trial)) ??
      /Could not import module "([\w.-]+)"/.exec(outputOf(trial)) ??
      /Could not import '([\w.-]+)'/.exec(outputOf(trial));
    const name = found?.[1];
    if (name === undefined) return undefined;
    const cause = `the Python module ${name} is not in the image`;
    const proper = name.replaceAll('-', '_');
    if (proper !== name && trial.command.includes(name))
      return {
        cause: `"${name}" cannot be the name of a Python module`,
        advice: renamed(trial, name, proper),
      };
    if (hasPython(trial.source, name))
      return {
        cause,
        advice: `Set PYTHONPATH, or start it from the directory that holds ${name}: it is in the source, and not where Python looks.`,
      };
    return {
      cause,
      advice: `Add the package that brings ${name} to the requirements of the project.`,
    };
  },
};

function renamed({ command, source }: Trial, name: string, proper: string): string {
  const line = `start_cmd: ${command.replace(name, proper)}`;
  const there = hasPython(source, proper) || hasPython(source, `src/${proper}`);
  return there
    ? `Set ${line}, since ${proper} is in the source.`
    : `Set start_cmd to the module's own name; with underscores it were ${line}.`;
}

function hasPython({ tree, directory }: SourceFiles, name: string): boolean {
  const path = name.replaceAll('.', '/');
  return ['', 'src/'].some((below) =>
    [path, `${path}.py`].some(
      (one) => tree.entry(joinPath(encodeText(directory), encodeText(below + one))) !== undefined,
    ),
  );
}

export const rubyLibraryMissing: Diagnosis = {
  name: 'Ruby library not found',
  find(trial) {
    const output = outputOf(trial);
    const gem = /Could not find (\S+) in (?:locally installed gems|any of the sources)/.exec(
      output,
    )?.[1];
    if (gem !== undefined)
      return {
        cause: `the gem ${gem} is not in the image`,
        advice:
          'Run bundle lock --add-platform x86_64-linux and commit Gemfile.lock, and check BUNDLE_WITHOUT.',
      };
    const file = /cannot load such file -- (\S+)/.exec(output)?.[1];
    if (file === undefined) return undefined;
    return {
      cause: `Ruby finds no library ${file}`,
      advice:
        'Add the gem that brings it to the Gemfile, outside of the groups development and test.',
    };
  },
};

export const javaClassMissing: Diagnosis = {
  name: 'Java class or archive not found',
  find(trial) {
    const output = outputOf(trial);
    const manifest = /no main manifest attribute, in (\S+)/.exec(output)?.[1];
    if (manifest !== undefined)
      return {
        cause: `${manifest} does not say which class is its program`,
        advice:
          'Let the build write Main-Class (spring-boot-maven-plugin, maven-shade-plugin, application of Gradle), or set start_cmd: java -cp … CLASS.',
      };
    const archive = /Unable to access jarfile (\S+)/.exec(output)?.[1];
    if (archive !== undefined)
      return {
        cause: `the archive ${archive} is not in the image`,
        advice: 'Set start_cmd to the archive that the build leaves.',
      };
    const name =
      /Could not find or load main class (\S+)/.exec(output)?.[1] ??
      /(?:ClassNotFoundException|NoClassDefFoundError): (\S+)/.exec(output)?.[1];
    if (name === undefined) return undefined;
    return {
      cause: `Java finds no class ${name.replaceAll('/', '.')}`,
      advice:
        'Check the class path of start_cmd: an archive without its dependencies needs them beside it.',
    };
  },
};

export const olderRuntime: Diagnosis = {
  name: 'runtime too old',
  find(trial) {
    const output = outputOf(trial);
    const isOlder =
      /UnsupportedClassVersionError|You must install or update \.NET|requires (?:Python|Node|PHP|Ruby|a PHP version)|Your Ruby version is [\d.]+, but your Gemfile specified/.exec(
        output,
      );
    if (!isOlder) return undefined;
    return {
      cause: 'the image has another version of the language than the program was made for',
      advice:
        "Say the version in the project's own file (.nvmrc, .python-version, .java-version, global.json), and use one base for build and run.",
    };
  },
};

export const phpFileMissing: Diagnosis = {
  name: 'PHP file not found',
  find(trial) {
    const file =
      /Could not open input file: (\S+)/.exec(outputOf(trial))?.[1] ??
      /Failed opening required '([^']+)'/.exec(outputOf(trial))?.[1];
    return file === undefined ? undefined : ownFile(file);
  },
};

export const syntaxRefused: Diagnosis = {
  name: 'source not understood',
  find(trial) {
    const found =
      /(SyntaxError: .+|Cannot use import statement outside a module|ERR_UNKNOWN_FILE_EXTENSION.*|ERR_REQUIRE_ESM.*)/.exec(
        outputOf(trial),
      );
    if (!found) return undefined;
    return {
      cause: `the language refuses the source: ${found[1] ?? ''}`,
      advice:
        'Start what the build leaves instead of its sources, and check the version of the language and "type" of package.json.',
    };
  },
};
