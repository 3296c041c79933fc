import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { zipFiles } from '@nx-nixpack/channels';
import { readPlainFile } from '@nx-nixpack/base';
import { readText } from '../host-file.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the clients of this machine ask when nothing is configured: it stands in their own files. */
export interface ClientDefaults {
  npm(): string | undefined;
  pypi(): string | undefined;
  go(): string | undefined;
  maven(): string | undefined;
}

export const clientDefaults = (environment: Variables): ClientDefaults => ({
  npm: () => npmDefault(process.execPath),
  pypi: () => pipDefault(environment),
  go: () => goDefault(environment),
  maven: () => mavenDefault(environment),
});

const firstMatch = (text: string | undefined, expression: RegExp): string | undefined =>
  expression.exec(text ?? '')?.[1];

/** npm comes with Node. */
function npmDefault(node: string): string | undefined {
  const definitions = 'node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js';
  const prefix = dirname(dirname(realpathSync(node)));
  const places = [
    join(prefix, 'lib', definitions),
    join('/usr/share', 'node_modules', definitions.slice(13)),
  ];
  return places
    .map((path) =>
      firstMatch(readText(path), /new Definition\('registry', \{\s*default: ['"](https:[^'"]+)/),
    )
    .find((found) => found !== undefined);
}

/** pip lies in a folder of the Python on the PATH. */
function pipDefault(environment: Variables): string | undefined {
  for (const python of programs(['python3', 'python'], environment)) {
    const lib = join(dirname(dirname(python)), 'lib');
    for (const folder of pythonFolders(lib)) {
      const text = readText(join(folder, 'pip/_internal/models/index.py'));
      const found = firstMatch(text, /PackageIndex\(\s*"(https:\/\/[^"]+)"/);
      if (found !== undefined) return new URL('simple/', found).href;
    }
  }
  return undefined;
}

function pythonFolders(lib: string): string[] {
  const names = listed(lib).filter((name) => /^python3(?:\.\d+)?$/.test(name));
  return names.flatMap((name) =>
    ['site-packages', 'dist-packages'].map((folder) => join(lib, name, folder)),
  );
}

/** Go names its proxy in a file of its root. Without Go: its authors serve modules below the domain of their own. */
function goDefault(environment: Variables): string | undefined {
  const roots = programs(['go'], environment).map((go) => dirname(dirname(go)));
  const file = [environment['GOROOT'] ?? '', ...roots].map((root) =>
    readText(join(root, 'go.env')),
  );
  const said = file.map((text) => firstMatch(text, /^GOPROXY=(\S+)$/m));
  return said.find((found) => found !== undefined) ?? `https://proxy.${GO_DOMAIN}`;
}

/** The domain of the module that Go's toolchains are versions of. */
export const GO_DOMAIN = 'golang.org/toolchain'.split('/')[0] ?? '';

/** Maven has it in the model that every project inherits. Without Maven: its own group names its domain, reversed. */
function mavenDefault(environment: Variables): string {
  const homes = programs(['mvn'], environment).map((mvn) => dirname(dirname(mvn)));
  const named = [environment['MAVEN_HOME'], environment['M2_HOME'], ...homes];
  for (const home of named)
    for (const jar of listed(join(home ?? '', 'lib')).filter((name) => MODEL.test(name))) {
      const found = firstMatch(
        superModel(join(home ?? '', 'lib', jar)),
        /<url>(https:[^<]+)<\/url>/,
      );
      if (found !== undefined) return found;
    }
  return `https://repo.${'org.apache.maven'.split('.').reverse().join('.')}/maven2`;
}

const MODEL = /^maven-model-builder(?:-[\w.-]+)?\.jar$/;
const MAX_JAR_BYTES = 16 * 1024 * 1024;

function superModel(path: string): string | undefined {
  const jar = readPlainFile(path, MAX_JAR_BYTES, { follow: true });
  if ('problem' in jar) return undefined;
  try {
    const model = zipFiles(jar).find(({ name }) => /\/pom-4\.[01]\.0\.xml$/.test(name));
    return model && Buffer.from(model.read()).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Where the PATH has programs, links followed. */
function programs(names: readonly string[], { PATH = '' }: Variables): string[] {
  const paths = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.filter((path) => existsSync(path)).map((path) => realpathSync(path));
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
