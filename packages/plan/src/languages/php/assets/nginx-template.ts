/**
 * nginx in front of PHP-FPM, in the language of `scripts/config/template.mjs`. Works for any user: everything that is
 * written lies below /tmp. The pattern includes find the files of Nix's nginx or of a Debian base, whichever exists.
 */
export const NGINX_TEMPLATE = String.raw`daemon off;
worker_processes 5;
worker_rlimit_nofile 8192;
pid /tmp/nginx.pid;
error_log /dev/stdout info;

events {
    worker_connections 4096;
}

http {
    include $!{nginx}/conf/mime.type[s];
    include /etc/nginx/mime.type[s];
    default_type application/octet-stream;
    access_log /dev/stdout;
    types_hash_max_size 4096;
    client_body_temp_path /tmp/nginx-client_body;
    proxy_temp_path /tmp/nginx-proxy;
    fastcgi_temp_path /tmp/nginx-fastcgi;
    uwsgi_temp_path /tmp/nginx-uwsgi;
    scgi_temp_path /tmp/nginx-scgi;
    index index.php;

    server {
        listen ${'${PORT}'};
        listen [::]:${'${PORT}'};
        server_name _;
        root $if(NIXPACKS_PHP_ROOT_DIR) (${'${NIXPACKS_PHP_ROOT_DIR}'}) else (/app);
        charset utf-8;

        add_header X-Frame-Options "SAMEORIGIN";
        add_header X-Content-Type-Options "nosniff";

        $if(IS_LARAVEL) (
        location / {
            try_files $uri $uri/ /index.php?$query_string;
        }
        error_page 404 /index.php;
        ) else ()
        $if(NIXPACKS_PHP_FALLBACK_PATH) (
        location / {
            try_files $uri $uri/ ${'${NIXPACKS_PHP_FALLBACK_PATH}'}?$query_string;
        }
        ) else ()

        location = /favicon.ico {
            access_log off;
            log_not_found off;
        }
        location = /robots.txt {
            access_log off;
            log_not_found off;
        }

        location ~ \.php$ {
            fastcgi_pass 127.0.0.1:9000;
            include $!{nginx}/conf/fastcgi_param[s];
            include /etc/nginx/fastcgi_param[s];
            fastcgi_param SCRIPT_FILENAME $realpath_root$fastcgi_script_name;
        }

        location ~ /\.(?!well-known) {
            deny all;
        }
    }
}
`;
