import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { json, program } from './workspace.mjs';

/**
 * What the ecosystems' own tools say is installed below an unpacked root, as sorted `type name version` lines. A language
 * package that dpkg owns counts once, as the Debian package; a runtime from a registry is one component, npm another.
 */
export async function installedPackages(root) {
  const found = [
    ...(await debian(root)),
    ...(await npm(root)),
    ...(await python(root)),
    ...(await go(root)),
    ...(await runtimes(root)),
  ];
  return [...new Set(found)].sort();
}

/** The same lines of a CycloneDX document. */
export const sbomPackages = ({ components }) => packageLines(components.map(({ purl }) => purl));

/** The same lines of an SPDX document: everything but the image that it describes. */
export function spdxPackages({ packages, relationships }) {
  const image = relationships.find((one) => one.relationshipType === 'DESCRIBES');
  return packageLines(
    packages
      .filter(({ SPDXID }) => SPDXID !== image.relatedSpdxElement)
      .map(({ externalRefs: [purl] }) => purl.referenceLocator),
  );
}

function packageLines(purls) {
  return purls
    .map((purl) => purl.split('?')[0])
    .map((purl) => {
      const [, type, path, version = ''] = /^pkg:([^/]+)\/(.+?)(?:@([^@]+))?$/.exec(purl);
      const name = decodeURIComponent(type === 'deb' ? path.replace(/^[^/]+\//, '') : path);
      return `${type} ${name} ${decodeURIComponent(version)}`;
    })
    .sort();
}

async function debian(root) {
  if (!existsSync(join(root, 'var/lib/dpkg/status'))) return [];
  const { output } = await program('dpkg-query', [
    `--admindir=${join(root, 'var/lib/dpkg')}`,
    '-W',
    '-f',
    '${db:Status-Abbrev}|${Package} ${Version}\n',
  ]);
  return output
    .split('\n')
    .filter((line) => line.startsWith('ii'))
    .map((line) => `deb ${line.split('|')[1]}`);
}

/** `npm ls` in /app; the workspace's root itself is the subject of the document, not a package in it. */
async function npm(root) {
  if (!existsSync(join(root, 'app/package.json'))) return [];
  const env = { ...process.env };
  delete env.NPM_CONFIG_PRODUCTION;
  const { output } = await program('npm', ['ls', '--all', '--omit=dev', '--json', '--silent'], {
    cwd: join(root, 'app'),
    env,
  });
  const lines = new Set();
  const visit = ({ dependencies = {} }) => {
    for (const [name, node] of Object.entries(dependencies)) {
      if (node.version !== undefined) lines.add(`npm ${node.name ?? name} ${node.version}`);
      visit(node);
    }
  };
  visit(JSON.parse(output.slice(output.indexOf('{'))));
  return [...lines];
}

async function python(root) {
  const library = join(root, 'opt/venv/lib');
  if (!existsSync(library)) return [];
  const [version] = readdirSync(library);
  const { output } = await program('python3', [
    '-m',
    'pip',
    // Its own notice of a newer version would stand among the packages.
    '--disable-pip-version-check',
    'list',
    '--format=json',
    '--path',
    join(library, version, 'site-packages'),
  ]);
  const listed = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1));
  return listed.map(
    ({ name, version: at }) => `pypi ${name.toLowerCase().replace(/[-_.]+/g, '-')} ${at}`,
  );
}

async function go(root) {
  const binary = join(root, 'app/out');
  if (!existsSync(binary)) return [];
  const { output } = await program('go', ['version', '-m', binary]);
  const toolchain = /: go(\S+)/.exec(output)?.[1];
  const modules = [...output.matchAll(/^\t(?:mod|dep)\t(\S+)\t(\S+)/gm)].map(
    ([, name, version]) => `golang ${name} ${version === '(devel)' ? '' : version}`,
  );
  return [...modules, `golang stdlib ${toolchain}`];
}

/** An official Node below /usr/local, and the npm beside it. */
async function runtimes(root) {
  const found = [];
  const node = join(root, 'usr/local/bin/node');
  if (existsSync(node))
    found.push(`generic node ${(await program(node, ['--version'])).output.trim().slice(1)}`);
  const bundled = join(root, 'usr/local/lib/node_modules/npm/package.json');
  if (existsSync(bundled)) found.push(`npm npm ${json(bundled).version}`);
  return found;
}
