import { nginxConf } from './nginx-conf.js';

const SITE = {
  root: '',
  gzip: 'on',
  autoindex: 'off',
  errorPages: [],
  hasPasswords: false,
  hasMimeTypes: false,
} as const;

describe('nginxConf', () => {
  it('serves a directory at the address that the start command replaces', () => {
    const config = nginxConf({ ...SITE, root: 'dist' });
    expect(config).toContain('        listen 0.0.0.0:80;\n');
    expect(config).toContain('        root /app/dist;\n');
    expect(config.match(/0\.0\.0\.0:80/g)).toHaveLength(1);
  });

  it('writes nothing outside /tmp, so that any user can start it', () => {
    const paths = [...nginxConf(SITE).matchAll(/^\s*(?:pid|\w+_temp_path) (\S+);$/gm)].map(
      (match) => match[1],
    );
    expect(paths).toHaveLength(6);
    for (const path of paths) expect(path).toMatch(/^\/tmp\//);
  });

  it('includes mime types by pattern, so that absence is not an error, or those of the application', () => {
    expect(nginxConf(SITE)).toContain(
      'include /nix/store/*-user-environment/conf/mime.types;\n    include /etc/nginx/mime.type[s];',
    );
    expect(nginxConf({ ...SITE, hasMimeTypes: true })).toMatch(/include mime\.types;/);
    expect(nginxConf({ ...SITE, hasMimeTypes: true })).not.toContain('/nix/store');
  });

  it('asks for passwords and shows error pages when the application says so', () => {
    const config = nginxConf({ ...SITE, hasPasswords: true, errorPages: [['404', '/404.html']] });
    expect(config).toContain('auth_basic_user_file /assets/.htpasswd;');
    expect(config).toContain('error_page 404 /404.html;');
  });

  it('lets no value end its directive', () => {
    const config = nginxConf({ ...SITE, root: 'a"; } evil { x', gzip: 'on; include /etc/passwd' });
    expect(config).toContain('root "/app/a\\"; } evil { x";');
    expect(config).toContain('gzip "on; include /etc/passwd";');
  });
});
