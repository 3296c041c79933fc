/** What an application's Staticfile and its companions say. */
export interface StaticSite {
  /** Relative to /app. */
  readonly root: string;
  readonly gzip: string;
  /** `on` lists directories. */
  readonly autoindex: string;
  readonly errorPages: readonly (readonly [code: string, page: string])[];
  readonly hasPasswords: boolean;
  /** The application brings its own mime.types next to the configuration. */
  readonly hasMimeTypes: boolean;
}

/**
 * The nginx configuration of a static site. Works for any user: pid file and temporary paths lie below /tmp.
 * The start command replaces the text 0.0.0.0:80 by the port.
 */
export function nginxConf(site: StaticSite): string {
  return `daemon off;
worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stdout info;

events {
    worker_connections 1024;
}

http {
${(site.hasMimeTypes ? ['mime.types'] : SYSTEM_MIME_TYPES).map((path) => `    include ${path};\n`).join('')}\
    default_type application/octet-stream;
    access_log /dev/stdout;
    sendfile on;
    keepalive_timeout 60;
    types_hash_max_size 4096;
${TEMP_PATHS.map((name) => `    ${name}_temp_path /tmp/nginx-${name};\n`).join('')}
    server {
        listen 0.0.0.0:80;
        gzip ${quoted(site.gzip)};
        root ${quoted(`/app/${site.root}`)};
${site.errorPages.map(([code, page]) => `        error_page ${code} ${quoted(page)};\n`).join('')}\

        location / {
            autoindex ${quoted(site.autoindex)};
${site.hasPasswords ? PASSWORDS : ''}        }
    }
}
`;
}

/** Both are patterns, so that absence is not an error: Nix's nginx first, then that of a Debian base. */
const SYSTEM_MIME_TYPES = [
  '/nix/store/*-user-environment/conf/mime.types',
  '/etc/nginx/mime.type[s]',
] as const;
const TEMP_PATHS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'] as const;
const PASSWORDS = `            auth_basic "Restricted";
            auth_basic_user_file /assets/.htpasswd;
`;

/** A plain word as it is, anything else in quotes, so that no value can end its directive. */
const quoted = (value: string): string =>
  /^[\w/.-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
