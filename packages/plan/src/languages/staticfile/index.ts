import { quote } from '@nx-nixpack/base';
import { dictionary, nullable, parseYaml, refine, text, type Infer } from '@nx-nixpack/data';

import { nginxConf } from './nginx-conf.js';
import { setting } from '../environment.js';
import { setupPhase } from '../../plan/phase.js';
import { ifReadable, readAs } from '../../source/in-file.js';
import { facts } from '../../source/manifest.js';
import { parseInteger } from '../../source/plain-text.js';
import type { Environment, Provider } from '../provider.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';

const FILES = ['Staticfile', 'index.html'] as const;
/** Directories that make a source a static site; the first that exists is its root. */
export const STATIC_ROOTS = ['public', 'dist', 'index'] as const;
const PREPARE = 'mkdir /etc/nginx/ /var/log/nginx/ /var/cache/nginx/';
const START =
  '[[ -z "${PORT}" ]] && echo "Environment variable PORT not found. Using PORT 80" || sed -i "s/0.0.0.0:80/$PORT/g" /assets/nginx.conf && nginx -c /assets/nginx.conf';

export const staticfile: Provider = {
  name: 'staticfile',

  detect: (source) =>
    FILES.some((file) => source.has(file)) ||
    STATIC_ROOTS.some((directory) => source.isDirectory(directory)),

  plan(source, env) {
    const settings = readStaticfile(source);
    const root = siteRoot(source, env, settings);
    return {
      plan: {
        staticAssets: assets(source, settings, root),
        phases: { setup: setupPhase(['nginx'], { cmds: [PREPARE] }) },
        start: { cmd: START },
      },
      hints: { setupCommands: [PREPARE], ports: [80] },
      decisions: [
        {
          subject: 'site root',
          choice: `/app/${root}`,
          because: 'NIXPACKS_STATICFILE_ROOT, Staticfile, or the first of public, dist, index',
        },
      ],
    };
  },
};

/** Pages by status code. */
const errorPages = refine(dictionary(text()), (pages) => {
  const wrong = [...pages.keys()].find((code) => parseInteger(code) === undefined);
  return wrong === undefined ? undefined : { message: `${quote(wrong)} is no status code` };
});
const staticfileShape = facts({
  root: nullable(text()),
  directory: nullable(text()),
  gzip: nullable(text()),
  status_code: nullable(errorPages),
});
type Settings = Infer<typeof staticfileShape>;

/** The settings of a Staticfile; none when it is absent or unreadable. */
function readStaticfile(source: SourceTree): Settings {
  const content = source.has('Staticfile') ? (readIfText(source, 'Staticfile') ?? '') : '';
  return ifReadable(() => readAs(content, parseYaml, staticfileShape)) ?? {};
}

function siteRoot(source: SourceTree, env: Environment, { root }: Settings): string {
  const named = setting(env, 'STATICFILE_ROOT') ?? (root === '' ? undefined : root);
  return named ?? STATIC_ROOTS.find((directory) => source.isDirectory(directory)) ?? '';
}

function assets(
  source: SourceTree,
  settings: Settings,
  root: string,
): Readonly<Record<string, string>> {
  const passwords = source.has('Staticfile.auth') ? source.read('Staticfile.auth') : undefined;
  const mimeTypes = source.has('mime.types') ? source.read('mime.types') : undefined;
  const config = nginxConf({
    root,
    gzip: settings.gzip ?? 'on',
    autoindex: settings.directory ?? 'off',
    errorPages: [...(settings.status_code ?? [])],
    hasPasswords: passwords !== undefined,
    hasMimeTypes: mimeTypes !== undefined,
  });
  return {
    ...(passwords === undefined ? {} : { '.htpasswd': passwords }),
    ...(mimeTypes === undefined ? {} : { 'mime.types': mimeTypes }),
    'nginx.conf': config,
  };
}
